import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CodeRunner } from './code-runner.mjs'
import { componentEnvironment } from './component-environment.mjs'
import { dispatchable, pathOf, routeTo } from './component-routes.mjs'
import { forward } from './forward.mjs'
import { listen } from './free-port.mjs'
import { readBody, sendJson, sendRefusal } from './json-answer.mjs'
import { Refusal } from './refusal.mjs'
import { ServiceProcess } from './service-process.mjs'
import { versionHealth } from './version-health.mjs'

const inputBytes = 1024 * 1024

/** One version in one ring: its components' processes, and a URL of its own that is the same as long as it is placed. */
export class PlacedVersion {
  #server = createServer((request, response) => void this.handle(request, response))
  #place
  services = []
  runners = []
  inFlight = 0
  /** @type {symbol | undefined} set while it is being taken away */
  retirement

  /**
   * @param {object} place
   * @param {object} place.record what the state file keeps of it
   * @param {string} place.directory its artifact
   * @param {string} place.logs directory that its components print to
   * @param {object} place.ledger
   */
  constructor(place) {
    this.#place = place
    this.record = place.record
  }

  get url() {
    return `http://127.0.0.1:${this.record.port}/`
  }

  /** Opens its URL; the components come after it, because they are told it. */
  async open() {
    this.record.port = await listen(this.#server, this.record.port)
    const { record, directory, logs, ledger } = this.#place
    for (const component of dispatchable(record.components)) {
      const environment = componentEnvironment({ version: record, component: component.name, url: this.url })
      const log = join(logs, `${component.name}.log`)
      const place = { component, directory, environment, log, ledger }
      if (component.start === undefined) this.runners.push(new CodeRunner(place))
      else this.services.push(new ServiceProcess(place))
    }
  }

  /** Starts its components one after another; with the first that does not come up, it gives up. */
  async start(deadlineMs) {
    for (const service of this.services) await service.start(deadlineMs)
  }

  /** Starts again after the machine itself was away: a component that does not come up is tried again and again. */
  async resume(deadlineMs) {
    await this.open().catch(error => {
      if (error.code !== 'EADDRINUSE') throw error
      console.error(`${this.record.id} has a new URL: somebody else took port ${this.record.port} meanwhile`)
      this.record.port = 0
      return this.open()
    })
    for (const service of this.services) await service.resume(deadlineMs)
  }

  /** Answers a request from whichever door it came through. A request that is in here keeps the version alive. */
  async handle(request, response) {
    this.inFlight += 1
    try {
      await this.#answer(request, response)
    } catch (error) {
      sendRefusal(response, error)
    } finally {
      this.inFlight -= 1
    }
  }

  async #answer(request, response) {
    const { record } = this
    const extra = { 'ringway-version': record.version }
    if (request.url === '/healthz') {
      const health = await versionHealth(this)
      return sendJson(response, health.status === 'unhealthy' ? 503 : 200, health)
    }
    const component = routeTo(record.components, request.url)
    if (component === undefined) throw nothingHere(request, record)
    const service = this.services.find(({ name }) => name === component.name)
    if (service !== undefined) return await forward({ request, response, to: () => service.port, extra })
    if (request.method !== 'POST') {
      const message = `${component.name} takes POST with JSON; ${request.method} came.`
      throw new Refusal({ status: 405, code: 'method_not_allowed', message })
    }
    const runner = this.runners.find(({ name }) => name === component.name)
    const output = await runner.run((await readBody(request, inputBytes)).toString('utf8'))
    response.writeHead(200, { 'content-type': 'application/json', ...extra })
    response.end(output)
  }

  /**
   * Waits until nobody is being answered any more, at most for the grace.
   * @param {symbol} mark of this retirement
   * @returns {Promise<boolean>} false: it was called back in the meantime
   */
  async drain(mark, graceMs) {
    const deadline = performance.now() + graceMs
    while (this.inFlight > 0 && performance.now() < deadline && this.retirement === mark) await pause(25)
    return this.retirement === mark
  }

  async stop() {
    const closed = new Promise(resolve => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await Promise.all([closed, ...this.services.map(service => service.stop())])
  }

  /** What `status` shows of it. */
  summary() {
    const { id, version, digest, state } = this.record
    const components = [
      ...this.services.map(({ name, pid, port, restarts }) => ({ name, pid, port, restarts })),
      ...this.runners.map(({ name, missing }) => ({ name, ...(missing === undefined ? {} : { missing }) })),
    ]
    return { id, version, digest, state, url: this.url, inFlight: this.inFlight, components }
  }
}

function nothingHere(request, record) {
  const paths = dispatchable(record.components).map(pathOf)
  const message = `Nothing answers at ${request.url}; this version has ${['/healthz', ...paths].join(', ')}.`
  return new Refusal({ status: 404, code: 'no_component_here', message })
}
