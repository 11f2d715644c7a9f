import { Refusal } from './refusal.mjs'

/** @param {import('node:http').ServerResponse} response */
export function sendJson(response, status, value) {
  const body = `${JSON.stringify(value)}\n`
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** Answers with what went wrong, in the one shape that all answers of no have. */
export function sendRefusal(response, error) {
  // The head is out already: the only honest way left to say that this answer is broken is to cut it.
  if (response.headersSent) return response.destroy()
  if (error instanceof Refusal) return sendJson(response, error.status, error)
  sendJson(response, 500, { code: 'unexpected', message: String(error?.message ?? error) })
}

/**
 * Reads a body whole.
 * @param {import('node:http').IncomingMessage} request
 * @param {number} limit in bytes
 */
export async function readBody(request, limit) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > limit) {
      throw new Refusal({ status: 413, code: 'body_too_large', message: `The body is larger than ${limit} bytes.` })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Reads a body that has to be JSON. */
export async function readJson(request, limit) {
  const body = await readBody(request, limit)
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw new Refusal({ status: 400, code: 'not_json', message: `The body is not JSON: ${error.message}` })
  }
}
