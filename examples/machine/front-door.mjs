import { createServer } from 'node:http'
import { listen } from './free-port.mjs'
import { sendRefusal } from './json-answer.mjs'
import { Refusal } from './refusal.mjs'

/**
 * Where a ring answers, whichever version is active. Which one answers is decided anew for each request, also on a connection that
 * is kept: after the switch the next request on it goes to the new version, and those before it end on the old one.
 */
export class FrontDoor {
  #server
  /** @type {import('./placed-version.mjs').PlacedVersion | undefined} */
  active

  constructor({ solution, ring, port }) {
    this.solution = solution
    this.ring = ring
    this.port = port
    this.#server = createServer((request, response) => void this.#handle(request, response))
    // Longer than those who keep connections in front of it: a server that closes first can meet a request on its way.
    this.#server.keepAliveTimeout = 75_000
  }

  get url() {
    return `http://127.0.0.1:${this.port}/`
  }

  get isOpen() {
    return this.#server.listening
  }

  async open() {
    if (!this.isOpen) this.port = await listen(this.#server, this.port)
  }

  async #handle(request, response) {
    if (this.active !== undefined) return await this.active.handle(request, response)
    const message = `No version of ${this.solution} is active in ${this.ring}.`
    response.setHeader('retry-after', '1')
    sendRefusal(response, new Refusal({ status: 503, code: 'nothing_active', message }))
  }

  /** Takes no more connections. Whoever is being answered is answered to the end. */
  close() {
    this.#server.close()
    this.#server.closeIdleConnections()
  }

  cut() {
    this.#server.closeAllConnections()
  }
}
