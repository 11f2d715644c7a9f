import { createServer } from 'node:http'

const bodyBytes = 256 * 1024

/** What came is not what this component takes: the caller's mistake, and an answer of 400. */
export class BadInput extends Error {}

/**
 * Serves JSON on $PORT.
 *
 * @param {object} service
 * @param {Record<string, (asked: { body: unknown, path: string }) => unknown>} service.routes by `POST /refund`; a route that ends in
 *   `/*` also takes what stands below it
 * @param {() => { isWell: boolean }} service.health asked at `/healthz`
 */
export function serveJson({ routes, health }) {
  const answer = async request => {
    const [path] = request.url.split('?', 1)
    if (path === '/healthz') {
      const { isWell, ...details } = health()
      return { status: isWell ? 200 : 503, value: { version, ...details } }
    }
    const route = routes[`${request.method} ${path}`] ?? routes[`${request.method} ${path.replace(/[^/]*$/, '*')}`]
    if (route === undefined) return { status: 404, value: { message: `There is no ${request.method} ${path} here.` } }
    return { status: 200, value: await route({ body: await readJson(request), path }) }
  }
  const server = createServer(async (request, response) => {
    const { status, value } = await answer(request).catch(whatWentWrong)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify(value)}\n`)
    if (process.env['LOG_LEVEL'] === 'debug') console.log(request.method, request.url, status)
  })
  server.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1')
  // Whoever is being answered is answered to the end.
  process.on('SIGTERM', () => server.close(() => process.exit(0)))
}

/** Which version this process belongs to. */
export const version = process.env['RINGWAY_VERSION'] || 'draft'

function whatWentWrong(error) {
  if (error instanceof BadInput) return { status: 400, value: { message: error.message } }
  console.error(error)
  return { status: 500, value: { message: error.message } }
}

async function readJson(request) {
  if (request.method !== 'POST') return undefined
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > bodyBytes) throw new BadInput(`expected at most ${bodyBytes} characters of JSON`)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new BadInput(`expected JSON: ${error.message}`)
  }
}
