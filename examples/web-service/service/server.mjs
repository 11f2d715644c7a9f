import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { readLinkTable, resolveLink } from './link-table.mjs'

const version = process.env['RINGWAY_VERSION'] || 'draft'
const redirectStatus = Number(process.env['REDIRECT_STATUS'] ?? 302)
if (![302, 307, 308].includes(redirectStatus))
  throw new Error(`REDIRECT_STATUS: expected 302, 307 or 308; ${redirectStatus} came.`)
const links = readLinkTable(await readFile(new URL('links.json', import.meta.url), 'utf8'))

const server = createServer((request, response) => {
  const [pathname = '/'] = (request.url ?? '/').split('?', 1)
  if (pathname === '/healthz') return sendJson(response, 200, { status: 'healthy', version, links: links.size })
  if (pathname === '/') return sendJson(response, 200, { version, links: Object.fromEntries(links) })
  const target = resolveLink(links, pathname)
  if (target === undefined) return sendJson(response, 404, { message: `There is no link ${pathname}; / lists all.` })
  response.writeHead(redirectStatus, { location: target }).end()
})

server.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1')
// Whoever is being answered is answered to the end.
process.on('SIGTERM', () => server.close(() => process.exit(0)))

function sendJson(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(value)}\n`)
}
