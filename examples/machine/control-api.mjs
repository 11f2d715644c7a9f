import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { readJson, sendJson, sendRefusal } from './json-answer.mjs'
import { readPlacement, readSubject } from './placement-request.mjs'
import { Refusal } from './refusal.mjs'

// A manifest names every file of an artifact.
const bodyBytes = 64 * 1024 * 1024

/**
 * What those who deploy talk to.
 *
 * @param {object} control
 * @param {string} control.token
 * @param {import('./rings.mjs').Rings} control.rings
 * @param {() => void} control.stop ends the machine
 */
export function createControlApi({ token, rings, stop }) {
  const verbs = {
    'GET /v1/status': async () => ({ pid: process.pid, ...rings.status() }),
    'POST /v1/place': async body => await rings.place(readPlacement(body)),
    'POST /v1/activate': async body => await rings.activate(readSubject(body)),
    'POST /v1/remove': async body => await rings.remove(readSubject(body)),
    'POST /v1/stop': async () => {
      setImmediate(stop)
      return { stopping: true }
    },
  }
  const answer = async (request, response) => {
    expectToken(request, token)
    const verb = verbs[`${request.method} ${request.url}`]
    if (verb === undefined) throw unknownVerb(request, Object.keys(verbs))
    const body = request.method === 'POST' ? await readJson(request, bodyBytes) : undefined
    sendJson(response, 200, await verb(body))
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(error => {
      if (!(error instanceof Refusal)) console.error(`${request.method} ${request.url}:`, error)
      sendRefusal(response, error)
    })
  })
  // Placing a version takes as long as its components take to come up.
  server.requestTimeout = 0
  return server
}

function expectToken(request, token) {
  const came = request.headers.authorization ?? ''
  // Of equal length by hashing, so that neither the length nor the first differing character shows in the time it takes.
  const hash = text => createHash('sha256').update(text).digest()
  if (timingSafeEqual(hash(came), hash(`Bearer ${token}`))) return
  throw new Refusal({
    status: 401,
    code: 'token_expected',
    message: "Expected the header `Authorization: Bearer <the machine's token>`.",
    remedy: "The token stands in the file `token` in the machine's home; `machine.mjs status` prints its path.",
  })
}

function unknownVerb(request, known) {
  const message = `There is no ${request.method} ${request.url}; there is ${known.join(', ')}.`
  return new Refusal({ status: 404, code: 'unknown_verb', message })
}
