import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from './ask.mjs'
import { freePort } from './free-port.mjs'
import { signalGroup } from './process-ledger.mjs'
import { Refusal } from './refusal.mjs'
import { readTail } from './tail.mjs'

const longestPauseMs = 10_000
const killAfterMs = 5_000
const attempts = 3

/** A component that has `start`: one process that speaks HTTP on $PORT, started again when it ends by itself. */
export class ServiceProcess {
  #place
  #child
  #ended = Promise.resolve()
  #stopping = false
  /** 0 while it does not run. */
  port = 0
  restarts = 0

  /**
   * @param {object} place
   * @param {{ name: string, start: string }} place.component
   * @param {string} place.directory where it runs
   * @param {Record<string, string>} place.environment
   * @param {string} place.log file that it prints to
   * @param {ReturnType<typeof import('./process-ledger.mjs').openProcessLedger>} place.ledger
   */
  constructor(place) {
    this.#place = place
  }

  get name() {
    return this.#place.component.name
  }

  get pid() {
    return this.#child?.pid
  }

  /** Starts it and waits until it answers, whatever it answers: whether it is well is for the checks to say. */
  async start(deadlineMs) {
    const deadline = performance.now() + deadlineMs
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#startOnce(deadline)
      if (outcome === 'answers') break
      const evidence = readTail(this.#place.log)
      // Somebody took the port between our asking for a free one and its listening.
      if (outcome === 'ended' && evidence.includes('EADDRINUSE') && attempt < attempts) continue
      await this.stop()
      const how = outcome === 'ended' ? 'ended before it answered' : `did not answer within ${deadlineMs / 1000} s`
      throw this.#didNotStart(how, evidence)
    }
    void this.#supervise()
  }

  #didNotStart(how, evidence) {
    return new Refusal({
      status: 422,
      code: 'component_did_not_start',
      message: `Component ${this.name} (${this.#place.component.start}) ${how}.`,
      remedy: 'It has to listen on the port that the environment variable PORT names. What it printed is below.',
      evidence,
    })
  }

  /** As `start`, but goes on trying in the background: for what ran already when the machine itself ended. */
  async resume(deadlineMs) {
    const outcome = await this.#startOnce(performance.now() + deadlineMs)
    void this.#supervise()
    return outcome === 'answers'
  }

  async #startOnce(deadline) {
    this.port = await freePort()
    // Told to stop in the meantime: nobody would stop it later.
    if (this.#stopping) return 'ended'
    const child = this.#spawn()
    while (performance.now() < deadline) {
      if (child.hasEnded()) return 'ended'
      const answer = await ask({ port: this.port, path: '/healthz', timeoutMs: 1_000 })
      // Whoever else may answer on that port is not our component.
      if (answer !== undefined && !child.hasEnded()) return 'answers'
      await pause(20)
    }
    return 'silent'
  }

  #spawn() {
    const { component, directory, environment, log, ledger } = this.#place
    // Not a pipe: a component must not fail to print because the machine's process was killed.
    const output = openSync(log, 'a', 0o600)
    const child = spawn('/bin/sh', ['-c', component.start], {
      cwd: directory,
      env: { ...environment, PORT: String(this.port) },
      stdio: ['ignore', output, output],
      // A group of its own, so that whatever it starts ends with it.
      detached: true,
    })
    const { pid } = child
    if (pid !== undefined) ledger.add(pid, `${environment.RINGWAY_SOLUTION}/${environment.RINGWAY_RING} ${this.name}`)
    closeSync(output)
    this.#child = child
    this.#ended = new Promise(resolve => {
      child.once('error', resolve)
      child.once('exit', resolve)
    }).then(() => {
      // From now on anybody may be given its port.
      this.port = 0
      if (pid === undefined) return
      // Its own children are of no use without it.
      signalGroup(pid, 'SIGKILL')
      ledger.remove(pid)
    })
    return { hasEnded: () => pid === undefined || child.exitCode !== null || child.signalCode !== null }
  }

  async #supervise() {
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const startedAt = performance.now()
      await this.#ended
      if (this.#stopping) return
      if (performance.now() - startedAt > longestPauseMs) pauseMs = 100
      await pause(pauseMs)
      if (this.#stopping) return
      this.restarts += 1
      this.port = await freePort()
      if (this.#stopping) return
      this.#spawn()
    }
  }

  /** Asks it to end, and makes it end after five seconds. */
  async stop() {
    this.#stopping = true
    const pid = this.#child?.pid
    if (pid === undefined) return
    if (this.#child.exitCode === null && this.#child.signalCode === null) signalGroup(pid, 'SIGTERM')
    const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), killAfterMs)
    await this.#ended
    clearTimeout(force)
  }
}
