import { request } from 'node:http'

const bodyBytes = 64 * 1024

/**
 * One GET on loopback.
 * @returns {Promise<{ status: number, body: string } | undefined>} undefined: no answer in time
 */
export function ask({ port, path, timeoutMs }) {
  // Nobody listens there, and Node would ask port 80 instead.
  if (port === 0) return Promise.resolve(undefined)
  return new Promise(resolve => {
    const none = () => resolve(undefined)
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
    })
    asked.on('error', none)
    asked.on('response', response => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', text => {
        if (body.length < bodyBytes) body += text
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      response.on('error', none)
      response.on('close', none)
    })
    asked.end()
  })
}
