import { spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { searchPath } from './component-environment.mjs'
import { signalGroup } from './process-ledger.mjs'
import { Refusal } from './refusal.mjs'

const outputBytes = 1024 * 1024
const atOnce = 8
const defaultTimeoutMs = 60_000

/** A component that has `exec`: one process per run, JSON in, JSON out. */
export class CodeRunner {
  #place
  #running = 0
  #waiting = []

  /** @param {object} place as of a ServiceProcess, without a log: what a run prints as an error belongs to its caller */
  constructor(place) {
    this.#place = place
  }

  get name() {
    return this.#place.component.name
  }

  /** The program that it needs and this machine lacks, if so. */
  get missing() {
    const [program = ''] = this.#place.component.exec.split(/\s+/)
    return isProgram(program, this.#place.directory) ? undefined : program
  }

  /**
   * @param {string} input JSON
   * @returns {Promise<string>} JSON
   */
  async run(input) {
    const { missing } = this
    if (missing !== undefined) {
      throw new Refusal({
        status: 503,
        code: 'program_missing',
        message: `Component ${this.name} needs ${missing}, which is not on this machine.`,
        remedy: `Install ${missing}; it is looked for at every run.`,
      })
    }
    await this.#slot()
    try {
      return this.#answer(await this.#runOnce(input))
    } finally {
      this.#running -= 1
      this.#waiting.shift()?.()
    }
  }

  async #slot() {
    while (this.#running >= atOnce) await new Promise(go => this.#waiting.push(go))
    this.#running += 1
  }

  #runOnce(input) {
    const { component, directory, environment, ledger } = this.#place
    const child = spawn('/bin/sh', ['-c', component.exec], { cwd: directory, env: environment, detached: true })
    const { pid } = child
    if (pid !== undefined) ledger.add(pid, `${environment.RINGWAY_SOLUTION}/${environment.RINGWAY_RING} ${this.name}`)
    const end = { output: '', errors: '', stopped: '', exitCode: 127 }
    const stop = why => {
      end.stopped = why
      if (pid !== undefined) signalGroup(pid, 'SIGKILL')
    }
    const timeoutMs = component.timeoutMs ?? defaultTimeoutMs
    const timer = setTimeout(() => stop(`did not end within ${timeoutMs / 1000} s`), timeoutMs)
    child.stdout.setEncoding('utf8').on('data', text => {
      end.output += text
      if (end.output.length > outputBytes) stop(`printed more than ${outputBytes} bytes`)
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      end.errors = (end.errors + text).slice(-4_000)
    })
    // A program that does not read its input closes it: that is its affair.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    return new Promise(done => {
      child.once('error', error => {
        end.errors = error.message
        done(end)
      })
      child.once('close', code => {
        clearTimeout(timer)
        if (pid !== undefined) ledger.remove(pid)
        done({ ...end, exitCode: code ?? 128 })
      })
    })
  }

  #answer({ output, errors, stopped, exitCode }) {
    const how = stopped !== '' ? stopped : exitCode !== 0 ? `ended with exit code ${exitCode}` : notJson(output)
    if (how === undefined) return output
    throw new Refusal({
      status: stopped === '' ? 502 : 504,
      code: 'run_failed',
      message: `Component ${this.name} (${this.#place.component.exec}) ${how}.`,
      evidence: errors,
    })
  }
}

function notJson(text) {
  try {
    JSON.parse(text)
    return undefined
  } catch {
    return 'printed something that is not JSON'
  }
}

function isProgram(program, directory) {
  const places = program.includes('/') ? [directory] : searchPath.split(delimiter)
  return places.some(place => isExecutable(isAbsolute(program) ? program : join(resolve(place), program)))
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
