import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import { html } from '../http/html.ts'
import type { RegisteredApp } from './registered-app.ts'
import type { SetupDoor } from './setup-door.ts'
import { registeredPage, registerPage, type SetupPlace, setupPage, setupStyle, startingPage } from './setup-pages.ts'

/** What the setup does besides showing pages. */
export interface SetupWork {
  readonly door: SetupDoor
  readonly place: SetupPlace
  /** @throws {RingwayError} `registration_refused`, `github_unreachable` */
  fetchApp(code: string): Promise<RegisteredApp>
  /** Keeps the settings of the App, after which it can start. */
  keep(app: RegisteredApp): void
}

const question = z.object({
  key: z.string().optional(),
  organisation: z
    .string()
    .regex(/^[\w-]{1,39}$/)
    .optional()
    .catch(undefined),
})
const comingBack = z.object({ code: z.string().max(200), state: z.string().max(500) })
const wish = z.object({ proof: z.string().max(500) })

/** Adds the pages with which an operator registers the App on GitHub. They are there only as long as no App is configured. */
export function addSetupRoutes(server: FastifyInstance, work: SetupWork): void {
  const { door, place } = work
  const cookie = cookieOf(place.url)
  let registered: RegisteredApp | undefined

  const page = (reply: FastifyReply, text: string, status = 200): FastifyReply =>
    reply.code(status).headers(headersFor(place)).type('text/html; charset=utf-8').send(text)
  const refuse = (reply: FastifyReply, why: string): FastifyReply =>
    page(reply, setupPage('Not here', html`<p>${why}</p><p><a href="/setup">Start again</a></p>`), 403)
  /** The session of whoever came in with the key. */
  const sessionOf = (request: FastifyRequest): string | undefined => {
    const session = cookie.read(request.headers.cookie)
    return session !== undefined && door.knows(session) ? session : undefined
  }

  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  server.get('/', (_, reply) => reply.redirect('/setup', 303))
  server.get('/setup/style.css', (_, reply) => reply.type('text/css').send(setupStyle))
  server.get('/setup', (request, reply) => {
    const { key, organisation } = question.parse(request.query)
    const fresh = key === undefined ? undefined : door.enter(key)
    // The key leaves the address, which browsers remember and show.
    if (fresh !== undefined) return reply.header('set-cookie', cookie.write(fresh)).redirect('/setup', 303)
    const session = sessionOf(request)
    if (session === undefined)
      return refuse(reply, 'Open the address that the App said on the terminal, or in the log, when it started.')
    if (registered !== undefined) return reply.redirect('/setup/app', 303)
    return page(reply, registerPage(place, { state: door.sign(session), organisation: organisation || undefined }))
  })
  server.get('/setup/callback', async (request, reply) => {
    const session = sessionOf(request)
    const back = comingBack.safeParse(request.query)
    if (session === undefined || !back.success || !door.take(session, back.data.state)) {
      return refuse(
        reply,
        'This did not come from a registration that was begun here, it came too late, or it came before.',
      )
    }
    try {
      registered = await work.fetchApp(back.data.code)
    } catch (error) {
      if (!(error instanceof RingwayError)) throw error
      if (error.kind === 'errored') door.giveBack(back.data.state)
      return refuse(reply, `${error.message} ${error.remedy}`)
    }
    return reply.redirect('/setup/app', 303)
  })
  server.get('/setup/app', (request, reply) => {
    const session = sessionOf(request)
    if (session === undefined || registered === undefined) return refuse(reply, 'Nothing is registered yet.')
    return page(reply, registeredPage(place, { app: registered, proof: door.sign(session) }))
  })
  server.post('/setup/app', (request, reply) => {
    const session = sessionOf(request)
    const { data } = wish.safeParse(request.body)
    if (session === undefined || registered === undefined || data === undefined || !door.take(session, data.proof)) {
      return refuse(reply, 'This did not come from the page that shows the settings.')
    }
    work.keep(registered)
    return page(reply, startingPage(place, registered))
  })
}

/** No scripts, nothing from elsewhere, no frame around it. Browsers hold the redirections of a form against `form-action`, too. */
function headersFor({ serverUrl }: SetupPlace): Record<string, string> {
  const policy = `default-src 'none'; style-src 'self'; form-action 'self' ${serverUrl}; frame-ancestors 'none'; base-uri 'none'`
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin',
    'cache-control': 'no-store',
  }
}

/** Lax: it must come along when GitHub sends the operator back, and with no form of another site. */
function cookieOf(url: string): {
  write(session: string): string
  read(header: string | undefined): string | undefined
} {
  const isSecure = url.startsWith('https:')
  const name = isSecure ? '__Host-ringway-setup' : 'ringway-setup'
  return {
    write: session => `${name}=${session}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`,
    read: header =>
      header
        ?.split(/; */)
        .find(pair => pair.startsWith(`${name}=`))
        ?.slice(name.length + 1),
  }
}
