import { createServer, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo } from 'node:net'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An HTTP server that keeps what it is sent and answers as told. */
export interface HookReceiver {
  readonly url: string
  readonly received: Received[]
  /** Statuses of the next answers; 200 when none is left. `hang` never answers. */
  readonly answers: (number | 'hang')[]
  close(): Promise<void>
}

export async function openHookReceiver(): Promise<HookReceiver> {
  const received: Received[] = []
  const answers: (number | 'hang')[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
      const answer = answers.shift() ?? 200
      if (answer !== 'hang') response.writeHead(answer).end('seen')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server.address())}/hook`,
    received,
    answers,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('expected a TCP address')
  return address.port
}
