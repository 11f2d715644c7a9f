import type { IncomingHttpHeaders } from 'node:http'

/**
 * May a request with these headers change something through a form? Only pages of this server may: any other page in
 * the same browser could post here as well, and a name that an attacker points at 127.0.0.1 would even look the same.
 */
export function isOwnOrigin(headers: IncomingHttpHeaders, serverUrl: string): boolean {
  const { port } = new URL(serverUrl)
  const own = [`127.0.0.1:${port}`, `localhost:${port}`]
  const { host, origin } = headers
  return host !== undefined && own.includes(host) && origin === `http://${host}`
}
