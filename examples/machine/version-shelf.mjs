import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PlacedVersion } from './placed-version.mjs'
import { forgetOldLogs } from './version-logs.mjs'

const lastUsedFirst = (one, other) => other.record.usedAt - one.record.usedAt
const isIn = (record, { solution, ring }) => record.solution === solution && record.ring === ring

/** The versions that are placed, and how one comes and goes. */
export class VersionShelf {
  #setup
  /** Id → version. */
  #versions = new Map()
  /** Id → the end of its last retirement. */
  #retirements = new Map()
  /** Counts uses, so that the version that was used last is known without a clock. */
  turn

  /**
   * @param {object} setup
   * @param {number} setup.turn as it was saved
   * @param {{ graceMs: number }} setup.options
   * @param {object} setup.home paths
   * @param {object} setup.artifacts
   * @param {object} setup.ledger
   * @param {import('./turns.mjs').Turns} setup.turns
   * @param {() => void} setup.save
   */
  constructor(setup) {
    this.#setup = setup
    this.turn = setup.turn
  }

  get all() {
    return [...this.#versions.values()]
  }

  get(id) {
    return this.#versions.get(id)
  }

  ofRing(ring) {
    return this.all.filter(({ record }) => isIn(record, ring))
  }

  /** Those of a ring that run and are not the active one, the last used first. */
  beside(active) {
    const isBeside = version => version !== active && version.record.state === 'ready'
    return this.ofRing(active.record).filter(isBeside).toSorted(lastUsedFirst)
  }

  /** The version of a digest that was used last: the same digest may stand there with an older configuration. */
  find(subject) {
    const isIt = ({ record }) => record.digest === subject.digest && record.state !== 'starting'
    return this.ofRing(subject).filter(isIt).toSorted(lastUsedFirst)[0]
  }

  /** Puts a version there whose artifact is here already. */
  put(record) {
    const { artifacts, home, ledger } = this.#setup
    const logs = join(home.logs, record.id)
    mkdirSync(logs, { recursive: true })
    const version = new PlacedVersion({ record, directory: artifacts.directoryOf(record.digest), logs, ledger })
    this.#versions.set(record.id, version)
    return version
  }

  /** Copies the artifact, starts the version, and waits until it answers; when it does not, nothing of it stays. */
  async bringUp({ directory: from, files, ...content }, readyMs) {
    // In one turn with the collector, which would take an artifact away that no version needs yet.
    const version = await this.#setup.turns.take('artifacts', async () => {
      await this.#setup.artifacts.keep({ digest: content.digest, from, files })
      return this.put({ ...content, port: 0, state: 'starting', usedAt: this.nextTurn() })
    })
    try {
      await version.open()
      await version.start(readyMs)
      version.record.state = 'ready'
      this.#setup.save()
      return version
    } catch (error) {
      await version.stop()
      this.#versions.delete(content.id)
      await this.collect()
      throw error
    }
  }

  /** A version that runs, also one that was about to be taken away; undefined when it is too late for that. */
  callBack(id) {
    const version = this.#versions.get(id)
    if (version === undefined || version.record.state === 'stopping') return undefined
    version.retirement = undefined
    version.record.state = 'ready'
    version.record.usedAt = this.nextTurn()
    return version
  }

  /** Takes a version away as soon as nobody is being answered by it. */
  retire(version) {
    if (version.record.state !== 'ready') return
    version.record.state = 'draining'
    this.#setup.save()
    // Called back and retired once more while the first retirement still looks on: only the last one counts.
    const mark = Symbol('retirement')
    version.retirement = mark
    const end = this.#drainAndStop(version, mark).catch(error => console.error(`${version.record.id} remains:`, error))
    this.#retirements.set(version.record.id, end)
  }

  /** Resolves when a version that is being taken away is gone. */
  async gone(id) {
    await this.#retirements.get(id)
  }

  async #drainAndStop(version, mark) {
    if (!(await version.drain(mark, this.#setup.options.graceMs))) return
    version.record.state = 'stopping'
    await version.stop()
    this.#versions.delete(version.record.id)
    this.#retirements.delete(version.record.id)
    this.#setup.save()
    await this.collect()
  }

  /** Takes artifacts and logs away that no version needs. */
  collect() {
    return this.#setup.turns.take('artifacts', async () => {
      const records = this.all.map(({ record }) => record)
      await this.#setup.artifacts.collect(records.map(({ digest }) => digest))
      forgetOldLogs(this.#setup.home.logs, new Set(records.map(({ id }) => id)))
    })
  }

  nextTurn() {
    this.turn += 1
    return this.turn
  }
}
