import { type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { close, listen } from './listening.ts'

/** One request that went through the proxy. */
interface SeenRequest {
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Bytes of its body that came. */
  received: number
  /** Of the server's answer, or of the proxy's; undefined where there was none. */
  status: number | undefined
}

/** What is done to a request instead of passing it on. */
export type HttpFault =
  /** An answer of the proxy's own; the server is not asked. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: string
    }
  /** The server gets so many bytes of the body, then both connections end. */
  | { readonly kind: 'cut_request'; readonly afterBytes: number }
  /** The server does what it was asked for, and the answer is lost. */
  | { readonly kind: 'lose_answer' }
  /** The server is not asked, and nobody answers. */
  | { readonly kind: 'silence' }
  /** The request's head is changed, or the answer's, or its body. */
  | {
      readonly kind: 'alter'
      readonly dropRequestHeader?: string
      readonly headers?: Record<string, string>
      /** Turns one bit of this byte of the body. */
      readonly corruptByte?: number
      /** Ends the connection after so many bytes of the body. */
      readonly cutAfter?: number
    }

/** Which requests, how many of them, and what is done to them. */
interface HttpFaultRule {
  readonly method: string
  /** Tested against path and query. */
  readonly path: RegExp
  readonly fault: HttpFault
  /** @default 1 */
  readonly times?: number
}

/** An HTTP proxy that runs until it is closed. */
export interface RunningHttpFaultProxy extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly seen: SeenRequest[]
  /** Adds a rule; the oldest that fits and is not used up counts. */
  inject(rule: HttpFaultRule): void
}

interface Passing {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly seen: SeenRequest
  readonly serverPort: number
}

/** Stands between a client and an HTTP server of this machine and does to chosen requests what servers and networks do. */
export async function startHttpFaultProxy(serverPort: number): Promise<RunningHttpFaultProxy> {
  const rules: { readonly rule: HttpFaultRule; left: number }[] = []
  const all: SeenRequest[] = []
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url: path = '/', headers } = incoming
    const seen: SeenRequest = { method, path, headers: { ...headers }, received: 0, status: undefined }
    all.push(seen)
    const hit = rules.find(({ rule, left }) => left > 0 && rule.method === method && rule.path.test(path))
    if (hit !== undefined) hit.left -= 1
    pass({ incoming, outgoing, seen, serverPort }, hit?.rule.fault)
  })
  const port = await listen(server)
  return {
    host: `127.0.0.1:${port}`,
    port,
    seen: all,
    inject: rule => rules.push({ rule, left: rule.times ?? 1 }),
    [Symbol.asyncDispose]: () => close(server),
  }
}

function pass(passing: Passing, fault: HttpFault | undefined): void {
  const { incoming, outgoing, seen } = passing
  outgoing.on('error', () => undefined)
  switch (fault?.kind) {
    case undefined:
    case 'alter':
    case 'lose_answer':
      if (fault?.kind === 'alter' && fault.dropRequestHeader !== undefined)
        delete incoming.headers[fault.dropRequestHeader]
      forward(passing, answer => deliver(passing, { answer, fault }))
      return
    case 'answer':
      incoming.on('data', (chunk: Buffer) => {
        seen.received += chunk.length
      })
      seen.status = fault.status
      outgoing.writeHead(fault.status, fault.headers).end(fault.body)
      return
    case 'silence':
      incoming.resume()
      return
    case 'cut_request':
      cutRequest(passing, fault.afterBytes)
      return
    default:
      fault satisfies never
  }
}

/** The Host header is kept: the registry makes its Location out of it. */
function open({ incoming, outgoing, serverPort }: Passing, answered: (answer: IncomingMessage) => void): ClientRequest {
  const { method, url: path, headers } = incoming
  const upstream = request({ port: serverPort, host: '127.0.0.1', method, path, headers, agent: false }, answered)
  upstream.on('error', () => outgoing.destroy())
  outgoing.on('close', () => upstream.destroy())
  return upstream
}

function forward(passing: Passing, answered: (answer: IncomingMessage) => void): void {
  const upstream = open(passing, answered)
  passing.incoming.on('data', (chunk: Buffer) => {
    passing.seen.received += chunk.length
  })
  passing.incoming.pipe(upstream)
}

function cutRequest(passing: Passing, afterBytes: number): void {
  const { incoming, outgoing, seen } = passing
  const upstream = open(passing, () => undefined)
  upstream.flushHeaders()
  const cut = (last: Buffer): void => {
    incoming.pause()
    const end = (): void => {
      upstream.destroy()
      outgoing.destroy()
    }
    if (last.length === 0) end()
    else upstream.write(last, end)
  }
  if (afterBytes === 0) {
    cut(Buffer.alloc(0))
    return
  }
  incoming.on('data', (chunk: Buffer) => {
    const left = afterBytes - seen.received
    seen.received += Math.min(chunk.length, left)
    if (chunk.length >= left) cut(chunk.subarray(0, left))
    else upstream.write(chunk)
  })
}

function deliver(
  { outgoing, seen }: Passing,
  { answer, fault }: { readonly answer: IncomingMessage; readonly fault: HttpFault | undefined },
): void {
  if (fault?.kind === 'lose_answer') {
    answer.resume().on('end', () => outgoing.destroy())
    return
  }
  seen.status = answer.statusCode
  const alter = fault?.kind === 'alter' ? fault : undefined
  outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...alter?.headers })
  let sent = 0
  answer.on('error', () => outgoing.destroy())
  answer.on('data', (chunk: Buffer) => {
    const bytes = Buffer.from(chunk)
    const at = (alter?.corruptByte ?? -1) - sent
    if (at >= 0 && at < bytes.length) bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    const left = (alter?.cutAfter ?? Number.POSITIVE_INFINITY) - sent
    sent += bytes.length
    if (bytes.length < left) outgoing.write(bytes)
    else outgoing.write(bytes.subarray(0, left), () => outgoing.destroy())
  })
  answer.on('end', () => outgoing.end())
}
