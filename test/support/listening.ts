import type { Server as HttpServer } from 'node:http'
import type { Server } from 'node:net'

/** Starts a server on a free port of this machine. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has an address with a port.')
  return address.port
}

/** Ends a server with all its connections. */
export async function close(server: HttpServer): Promise<void> {
  server.closeAllConnections()
  await new Promise<void>(resolve => {
    server.close(() => resolve())
  })
}
