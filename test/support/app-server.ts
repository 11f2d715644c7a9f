import { createServer, type IncomingMessage } from 'node:http'
import {
  assignmentMessage,
  buildAnswerMessage,
  buildReportMessage,
  promotionWishMessage,
  ringsMessage,
  runClaimMessage,
  runReportMessage,
  runVerdictMessage,
} from '../../src/adapters/control-plane/run-messages.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import type { ControlPlane } from '../../src/ports/control-plane.ts'
import { collect } from './collect.ts'
import { close, listen } from './listening.ts'

/** Who asks, as the token proves it. @throws {RingwayError} `unauthenticated` */
type Authenticate = (token: string, audience: string) => Promise<{ readonly runId: number }>

/** An App's side of the protocol over HTTP. */
export interface AppServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly port: number
  /** Method and path of every request that proved who it was. */
  readonly asked: string[]
  /** As long as it is true every request is told to come back in an hour. */
  down: boolean
}

/** Serves a control plane to runs that prove who they are. */
export async function startAppServer(control: ControlPlane, authenticate: Authenticate): Promise<AppServer> {
  const asked: string[] = []
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const { runId } = await authenticate(token, started.url)
    const route = `${request.method} ${request.url}`
    asked.push(route)
    const text = (await collect(request.setEncoding('utf8'))).join('')
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    switch (route) {
      case 'POST /v1/runs':
        return assignmentMessage.encode(await control.claim(runClaimMessage.parse(body)))
      case `POST /v1/runs/${runId}/reports`:
        return runVerdictMessage.encode(await control.report(runReportMessage.parse(body)))
      case 'POST /v1/builds':
        return buildAnswerMessage.encode(await control.reportBuild(buildReportMessage.parse(body)))
      case 'POST /v1/promotions':
        return await control.promote(promotionWishMessage.parse(body))
      case 'GET /v1/status':
        return ringsMessage.parse({ rings: await control.readRings() })
      default:
        throw new RingwayError({ code: 'not_found', message: `There is no ${route}.`, remedy: 'Ask for another.' })
    }
  }
  const server = createServer((request, response) => {
    const send = (status: number, body: unknown): void => {
      const type = status === 200 ? 'application/json' : 'application/problem+json'
      response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
    }
    if (started.down) {
      response.writeHead(503, { 'retry-after': '3600' }).end()
      return
    }
    answer(request).then(
      body => send(200, body),
      (error: unknown) => {
        const {
          code = 'internal_error',
          message = String(error),
          remedy = '',
        } = error instanceof RingwayError ? error : {}
        const status = error instanceof RingwayError ? (code === 'unauthenticated' ? 401 : 403) : 500
        send(status, { type: 'about:blank', title: code, status, detail: message, code, remedy })
      },
    )
  })
  const port = await listen(server)
  const started: AppServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    down: false,
    [Symbol.asyncDispose]: () => close(server),
  }
  return started
}
