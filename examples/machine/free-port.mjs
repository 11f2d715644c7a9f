import { createServer } from 'node:net'

/** Given out lately: a port is free until its component listens, and must not be given out twice in between. */
const given = new Set()

/** A port on loopback that nobody listens on. */
export async function freePort() {
  for (;;) {
    const port = await listenOnce()
    if (given.has(port)) continue
    given.add(port)
    setTimeout(() => given.delete(port), 60_000).unref()
    return port
  }
}

function listenOnce() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/**
 * Listens on loopback. A port that is taken is tried again for five seconds: after a crash, another process's outgoing connection
 * may hold it for a moment.
 * @param {import('node:http').Server} server
 * @param {number} port 0: any
 */
export async function listen(server, port) {
  const deadline = performance.now() + 5_000
  for (;;) {
    const error = await tryListen(server, port)
    if (error === undefined) return server.address().port
    if (error.code !== 'EADDRINUSE' || performance.now() > deadline) throw error
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

function tryListen(server, port) {
  return new Promise(resolve => {
    const failed = error => resolve(error)
    server.once('error', failed)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed)
      resolve(undefined)
    })
  })
}
