import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { grantedPermissions } from '../../support/app-on-github.ts'
import { close, listen } from '../../support/listening.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../../support/rehearsed-github.ts'

let github: RehearsedGithub
let directory = ''
let url = ''
let app: StartedApp

interface StartedApp {
  words(): string
  stop(): Promise<unknown>
}

beforeAll(async () => {
  github = await openRehearsedGithub()
  directory = await mkdtemp(join(tmpdir(), 'ringway-setup-'))
  // As root, the database runs as another user.
  await chmod(directory, 0o755)
  await writeFile(join(directory, '.env'), 'HTTP_NOTE=kept')
  url = `http://127.0.0.1:${await freePort()}`
  app = startApp()
})
afterAll(async () => {
  await app.stop()
  await github.close()
  await rm(directory, { recursive: true, force: true })
})

it('without an App it is up, is not ready, and shows its page to nobody without the key', async () => {
  await expect.poll(() => app.words(), { timeout: 10_000 }).toContain('/setup?key=')
  expect(await status('/healthz')).toBe(200)
  const ready = await fetch(`${url}/readyz`)
  expect([ready.status, await ready.json()]).toMatchObject([503, { missing: [{ name: 'GitHub App' }] }])
  expect(await status('/webhooks', { method: 'POST' })).toBe(404)
  for (const path of ['/setup', '/setup?key=guessed', '/setup/app']) {
    const refused = await fetch(url + path, { headers: { cookie: 'ringway-setup=guessed' } })
    expect([path, refused.status, await refused.text()]).toEqual([path, 403, expect.not.stringContaining('manifest')])
  }
})

it('F104: a callback whose state is missing, forged, of another session or used is refused', async () => {
  const [operator, other] = [await enter(), await enter()]
  const own = await operator.state()
  for (const state of [
    undefined,
    '',
    'forged',
    `${own}x`,
    own.replace(/\.\d+\./, '.9999999999999.'),
    await other.state(),
  ]) {
    const query = new URLSearchParams({ code: 'abc', ...(state === undefined ? {} : { state }) })
    const { status: refused, text } = await operator.read(`/setup/callback?${query.toString()}`)
    expect([state, refused, text]).toEqual([state, 403, expect.stringContaining('did not come from a registration')])
  }
  const query = new URLSearchParams({ code: 'abc', state: own })
  expect((await operator.read(`/setup/callback?${query.toString()}`)).text).toContain('GitHub answered 404')
  expect((await operator.read(`/setup/callback?${query.toString()}`)).text).toContain('it came before')
})

it('one click on GitHub registers an App that may do what Ringway needs and nothing more', async () => {
  const operator = await enter()
  const page = await operator.read('/setup?organisation=acme')
  expect(page.headers.get('content-security-policy')).toBe(
    `default-src 'none'; style-src 'self'; form-action 'self' ${github.sandbox.url}; frame-ancestors 'none'; base-uri 'none'`,
  )
  expect(page.text).not.toContain('<script')
  const offer = formIn(page.text)
  expect(offer.action).toMatch(`${github.sandbox.url}/organizations/acme/settings/apps/new?state=`)
  const offered = await post(offer.action, offer.fields, url)
  const accept = formIn(await offered.text())
  const accepted = await post(github.sandbox.url + accept.action, {
    ...accept.fields,
    name: 'Ringway of Acme',
    as: 'alice',
  })
  expect(accepted.status).toBe(302)
  const back = new URL(accepted.headers.get('location') ?? '')
  expect(back.href).toMatch(`${url}/setup/callback?code=`)

  expect(await operator.follow(back.href)).toBe('/setup/app')
  const [registered] = [...github.sandbox.world.apps.values()].filter(each => each.slug === 'ringway-of-acme')
  expect(registered).toMatchObject({
    owner: github.acme,
    permissions: grantedPermissions,
    webhook: { url: `${url}/webhooks`, secret: expect.stringMatching(/^.{32,}$/) },
  })

  const shown = await operator.read('/setup/app')
  expect(shown.text).toContain(`APP_ID=${registered?.id}\n`)
  expect(shown.text).toContain(`WEBHOOK_SECRET=${registered?.webhook?.secret}`)
  const stranger = await fetch(`${url}/setup/app`)
  expect([stranger.status, await stranger.text()]).toEqual([403, expect.not.stringContaining('WEBHOOK_SECRET')])
  expect((await operator.send('/setup/app', { proof: 'forged' })).status).toBe(403)

  const { fields } = formIn(shown.text)
  const written = await operator.send('/setup/app', fields)
  expect([written.status, await written.text()]).toEqual([
    200,
    expect.stringContaining('/apps/ringway-of-acme/installations/new'),
  ])
  const file = join(directory, '.env')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(parseEnv(await readFile(file, 'utf8'))).toMatchObject({ APP_ID: String(registered?.id), HTTP_NOTE: 'kept' })
})

it('goes on as that App, where nothing is left of the setup, now and after every start', async () => {
  await expect.poll(() => app.words(), { timeout: 20_000 }).toContain('as ringway-of-acme')
  await expect.poll(() => status('/readyz'), { timeout: 5_000 }).toBe(200)
  for (const path of ['/', '/setup', '/setup/app', '/setup/callback?code=a&state=b']) {
    expect([path, await status(path)]).toEqual([path, 404])
  }
  const install = formIn(await (await fetch(`${github.sandbox.url}/apps/ringway-of-acme/installations/new`)).text())
  const installed = await post(github.sandbox.url + install.action, { account: 'acme', as: 'alice' })
  expect(installed.status).toBe(303)
  const told = { kind: 'answered', status: 202, body: '{"delivery":"stored"}' }
  await expect.poll(() => github.sandbox.webhooks.deliveries, { timeout: 5_000 }).toMatchObject([{ outcome: told }])

  await app.stop()
  app = startApp()
  await expect.poll(() => app.words(), { timeout: 20_000 }).toContain('as ringway-of-acme')
  expect(app.words()).not.toContain('/setup')
})

interface Operator {
  read(path: string): Promise<{ status: number; headers: Headers; text: string }>
  follow(address: string): Promise<string | null>
  send(path: string, fields: Record<string, string>): Promise<Response>
  /** A state that was signed for this operator. */
  state(): Promise<string>
}

/** A browser that came in with the key. */
async function enter(): Promise<Operator> {
  const [, key = ''] = /\/setup\?key=(\S+)/.exec(app.words()) ?? []
  const entered = await fetch(`${url}/setup?key=${key}`, { redirect: 'manual' })
  expect([entered.status, entered.headers.get('location')]).toEqual([303, '/setup'])
  const cookie =
    /^ringway-setup=[\w-]+(?=; Path=\/; HttpOnly; SameSite=Lax$)/.exec(entered.headers.get('set-cookie') ?? '')?.[0] ??
    ''
  const ask = (path: string): Promise<Response> => fetch(url + path, { headers: { cookie }, redirect: 'manual' })
  const operator: Operator = {
    async read(path) {
      const answer = await ask(path)
      return { status: answer.status, headers: answer.headers, text: await answer.text() }
    },
    follow: async address => (await ask(address.slice(url.length))).headers.get('location'),
    send: (path, fields) =>
      fetch(url + path, { method: 'POST', headers: { cookie }, body: new URLSearchParams(fields) }),
    async state() {
      const { action } = formIn((await operator.read('/setup')).text)
      return new URL(action).searchParams.get('state') ?? ''
    },
  }
  return operator
}

/** The first form that is sent with POST. */
function formIn(page: string): { action: string; fields: Record<string, string> } {
  const [, action = '', rest = ''] = /<form[^>]*method="post" action="([^"]*)"[^>]*>(.*?)<\/form>/s.exec(page) ?? []
  const inputs = [...rest.matchAll(/<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g)]
  return {
    action: unescape(action),
    fields: Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, unescape(value)])),
  }
}

function unescape(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

function post(address: string, fields: Record<string, string>, origin = github.sandbox.url): Promise<Response> {
  return fetch(address, { method: 'POST', redirect: 'manual', headers: { origin }, body: new URLSearchParams(fields) })
}

async function status(path: string, init: RequestInit = {}): Promise<number> {
  return (await fetch(url + path, { redirect: 'manual', ...init })).status
}

function startApp(): StartedApp {
  const environment = {
    PATH: process.env['PATH'] ?? '',
    GITHUB_API_URL: github.sandbox.apiUrl,
    PORT: new URL(url).port,
    RINGWAY_DATA: directory,
  }
  const main = join(import.meta.dirname, '../../../app/main.ts')
  const child = spawn(process.execPath, [main], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'close')
  let words = ''
  child.stderr.on('data', chunk => {
    words += String(chunk)
  })
  return {
    words: () => words,
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await close(server)
  return port
}
