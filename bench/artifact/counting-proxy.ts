import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** Stands before a registry and counts what is sent to it. */
export interface CountingProxy extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly host: string
  /** Bytes that clients sent since it was asked last, with everything that HTTP adds. */
  takeCount(): number
}

export async function startCountingProxy(port: number): Promise<CountingProxy> {
  let sent = 0
  const server = createServer(client => {
    const registry = connect(port, '127.0.0.1')
    client.on('data', bytes => {
      sent += bytes.length
    })
    client.pipe(registry).pipe(client)
    // Either end may hang up: then the other one is of no use.
    for (const [one, other] of [
      [client, registry],
      [registry, client],
    ] as const) {
      one.on('error', () => other.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has an address with a port.')
  return {
    host: `127.0.0.1:${address.port}`,
    takeCount() {
      const count = sent
      sent = 0
      return count
    },
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}
