import { request as sendRequest } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { sendRefusal } from './json-answer.mjs'
import { Refusal } from './refusal.mjs'

/** They belong to one connection and not to the message (RFC 9110 §7.6.1). */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']
const patienceMs = 2_000

/**
 * Sends a request on to a port on loopback, and the answer back. Resolves when both are through.
 *
 * Each request has a connection of its own: on a kept one, the other side may be closing just as we write, and whether a request
 * that fails so was carried out cannot be known.
 *
 * @param {() => number} to the port at this moment: a process that is started again has another one
 * @param {Record<string, string>} extra headers of the answer
 */
export async function forward({ request, response, to, extra }) {
  const socket = await connectPatiently(to)
  if (response.closed) return void socket.destroy()
  await new Promise(resolve => {
    let isAnswered = false
    response.once('close', resolve)
    const sent = sendRequest({
      method: request.method,
      path: request.url,
      headers: requestHeaders(request),
      createConnection: () => socket,
    })
    sent.once('response', answer => {
      isAnswered = true
      response.writeHead(answer.statusCode, answer.statusMessage, { ...endToEnd(answer), ...extra })
      // Without this, an answer with a head and no body yet would wait for its first byte.
      response.flushHeaders()
      answer.pipe(response)
      // Cut in the middle: the client must not take what it has for the whole.
      answer.on('error', () => response.destroy())
      answer.on('aborted', () => response.destroy())
    })
    // A component may answer before it has read everything: then our write fails, and the answer stands all the same.
    sent.on('error', error => isAnswered || cannotForward(response, error))
    // The client is gone: whoever works for it may stop.
    response.once('close', () => sent.destroy())
    request.once('error', () => sent.destroy())
    request.pipe(sent)
  })
}

function cannotForward(response, error) {
  const message = `The component broke off: ${error.message}`
  if (!response.closed) sendRefusal(response, new Refusal({ status: 502, code: 'component_broke_off', message }))
}

/** Nothing was sent yet, so a refused connection can be tried again: the component may be starting. */
async function connectPatiently(to) {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const { socket, error } = await connectOnce(to())
    if (socket !== undefined) return socket
    if (performance.now() > deadline) {
      throw new Refusal({
        status: 502,
        code: 'component_down',
        message: `The component does not answer: ${error.message}`,
      })
    }
    await pause(50)
  }
}

function connectOnce(port) {
  return new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    const failed = error => resolve({ error })
    socket.once('error', failed)
    socket.once('connect', () => {
      socket.off('error', failed)
      resolve({ socket })
    })
  })
}

function requestHeaders(request) {
  const headers = endToEnd(request)
  // Answered by us already.
  delete headers.expect
  // Whether there is a body at all is told by this and by the length.
  if (request.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked'
  headers['x-forwarded-for'] = request.socket.remoteAddress ?? ''
  headers['x-forwarded-host'] = request.headers.host ?? ''
  headers['x-forwarded-proto'] = 'http'
  headers.connection = 'close'
  return headers
}

function endToEnd(message) {
  const named = (message.headers.connection ?? '').split(',').map(name => name.trim().toLowerCase())
  const dropped = new Set([...hopByHop, ...named])
  return Object.fromEntries(
    Object.entries(message.headersDistinct)
      .filter(([name]) => !dropped.has(name))
      .map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  )
}
