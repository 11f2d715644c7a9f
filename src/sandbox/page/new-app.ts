import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { ApiError, found } from '../api/api-error.ts'
import { readBody } from '../api/read-body.ts'
import { installAndAnnounce } from '../install-app.ts'
import { type AppManifest, appManifest, registerFromManifest } from '../register-from-manifest.ts'
import type { Account } from '../world/account.ts'
import type { GithubApp } from '../world/github-app.ts'
import type { World } from '../world.ts'
import { html } from './html.ts'
import { layout, type Page, table } from './layout.ts'
import { isOwnOrigin } from './own-origin.ts'
import { actAs } from './people.ts'

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue('is no JSON')
    return z.NEVER
  }
})
const offered = z.object({ manifest: json.pipe(appManifest) })
const accepted = offered.extend({
  name: z.string().min(1).max(34),
  as: z.string(),
  owner: z.string(),
  state: z.string(),
})
const installed = z.object({ as: z.string(), account: z.string() })
const query = z.object({ state: z.string().default('') })

/** Registering an App from a manifest and installing it, as people do on GitHub's pages. */
export function addAppPages(http: FastifyInstance, world: World): void {
  for (const path of ['/settings/apps/new', '/organizations/:org/settings/apps/new']) {
    // Another page posts the manifest here; this only shows it, and whoever reads it decides.
    http.post<{ Params: { org?: string } }>(path, (request, reply) =>
      answer(reply, () => {
        const { org } = request.params
        const { manifest } = readBody(offered, request.body)
        const { state } = readBody(query, request.query)
        allowFormTo(reply, manifest.redirect_url)
        return offerPage(world, { manifest, state, owner: org === undefined ? undefined : found(world.account(org)) })
      }),
    )
  }
  http.post('/settings/apps', (request, reply) =>
    answer(reply, () => {
      if (!isOwnOrigin(request.headers, world.serverUrl)) throw new ApiError(403, 'Not sent by a page of this sandbox')
      const { manifest, name, as, owner, state } = readBody(accepted, request.body)
      const [person, account] = [found(world.account(as)), found(world.account(owner === '' ? as : owner))]
      demandOwner(person, account)
      const url = new URL(manifest.redirect_url)
      url.searchParams.set('code', registerFromManifest(world, { manifest, name, owner: account }))
      if (state !== '') url.searchParams.set('state', state)
      return reply.redirect(url.href, 302)
    }),
  )
  addInstalling(http, world)
}

function addInstalling(http: FastifyInstance, world: World): void {
  const appOf = (slug: string): GithubApp => found([...world.apps.values()].find(app => app.slug === slug))
  for (const path of ['/apps/:slug', '/apps/:slug/installations/new']) {
    http.get<{ Params: { slug: string } }>(path, (request, reply) =>
      answer(reply, () => installPage(world, appOf(request.params.slug))),
    )
  }
  http.post<{ Params: { slug: string } }>('/apps/:slug/installations', (request, reply) =>
    answer(reply, () => {
      if (!isOwnOrigin(request.headers, world.serverUrl)) throw new ApiError(403, 'Not sent by a page of this sandbox')
      const { as, account } = readBody(installed, request.body)
      const [person, target] = [found(world.account(as)), found(world.account(account))]
      demandOwner(person, target)
      const app = appOf(request.params.slug)
      installAndAnnounce(world, { app, account: target, by: person })
      return reply.redirect(`/apps/${app.slug}`, 303)
    }),
  )
}

/** Only who owns an account registers and installs Apps there; an organisation of nobody is everybody's. */
function owns(person: Account, account: Account): boolean {
  if (account.type === 'User') return account === person
  const admins = [...account.members.values()].filter(({ role }) => role === 'admin')
  return admins.length === 0 || admins.some(admin => admin.account === person)
}

function demandOwner(person: Account, account: Account): void {
  if (owns(person, account)) return
  throw new ApiError(403, `${person.login} does not own ${account.login}`)
}

function offerPage(
  world: World,
  { manifest, state, owner }: { manifest: AppManifest; state: string; owner: Account | undefined },
): Page {
  const people = usersOf(world).filter(user => owner === undefined || owns(user, owner))
  const rows = Object.entries(manifest.default_permissions)
  return {
    title: `Create GitHub App for ${owner?.login ?? 'yourself'}`,
    body: html`<form class="wide" method="post" action="/settings/apps">
<input type="hidden" name="manifest" value="${JSON.stringify(manifest)}">
<input type="hidden" name="owner" value="${owner?.login ?? ''}">
<input type="hidden" name="state" value="${state}">
<p><label>GitHub App name <input name="name" maxlength="34" required value="${manifest.name ?? ''}"></label>
${actAs(people)} <button>Create GitHub App</button></p>
</form>
<p>Webhooks go to ${manifest.hook_attributes?.url ?? 'nowhere'}: ${manifest.default_events.join(', ')}.</p>
${table(['Permission', 'Level'], rows, 'It asks for no permission.')}`,
  }
}

function installPage(world: World, app: GithubApp): Page {
  const rows = [...world.installations.values()].filter(each => each.app === app).map(each => [each.account.login])
  const accounts = [...world.accounts.values()].filter(({ type }) => type !== 'Bot')
  return {
    title: app.name,
    body: html`<form class="wide" method="post" action="/apps/${app.slug}/installations">
<label>Install on <select name="account">${accounts.map(({ login }) => html`<option>${login}</option>`)}</select></label>
${actAs(usersOf(world))} <button>Install</button>
</form>
${table(['Installed on'], rows, 'It is installed nowhere yet.')}`,
  }
}

function usersOf(world: World): Account[] {
  return [...world.accounts.values()].filter(({ type }) => type === 'User')
}

const POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

/** Browsers hold where a form leads to against the policy, redirections included. */
function allowFormTo(reply: FastifyReply, url: string): void {
  reply.header('content-security-policy', `${POLICY} ${new URL(url).origin}`)
}

function answer(reply: FastifyReply, work: () => Page | FastifyReply): FastifyReply {
  reply.headers({
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  })
  try {
    const done = work()
    return 'body' in done ? reply.type('text/html; charset=utf-8').send(layout(done)) : done
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const why = error.errors?.map(each => each.message ?? `${each.field}: ${each.code}`) ?? []
    const body = html`<p>${[error.message, ...why].join('. ')}</p>`
    const page = layout({ title: String(error.status), body })
    return reply.code(error.status).type('text/html; charset=utf-8').send(page)
  }
}
