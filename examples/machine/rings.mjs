import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { FrontDoor } from './front-door.mjs'
import { PlacedVersion } from './placed-version.mjs'
import { Refusal } from './refusal.mjs'
import { Turns } from './turns.mjs'
import { forgetOldLogs } from './version-logs.mjs'

const keyOf = ({ solution, ring }) => `${solution}/${ring}`

/** A machine's rings, and the versions in them. Every verb may be called again and has the same effect. */
export class Rings {
  #setup
  #turns = new Turns()
  /** Ring → its front door. */
  #doors = new Map()
  /** Id → version. */
  #versions = new Map()
  /** Id → the end of its last retirement. */
  #retirements = new Map()
  /** Counts uses of versions, so that the least lately used one is known without a clock. */
  #turn = 0

  /**
   * @param {object} setup
   * @param {{ keep: number, graceMs: number, readyMs: number, fronts: Record<string, number> }} setup.options
   * @param {object} setup.home paths
   * @param {object} setup.artifacts
   * @param {object} setup.ledger
   * @param {(state: { turn: number, fronts: object[], versions: object[] }) => void} setup.save
   */
  constructor(setup) {
    this.#setup = setup
  }

  /** Brings back what ran when the machine last ended. */
  async restore({ turn, fronts, versions }) {
    this.#turn = turn
    const ready = versions.filter(({ state }) => state === 'ready')
    await Promise.all(ready.map(record => this.#resume(record)))
    for (const { solution, ring, port, active } of fronts) {
      this.#door({ solution, ring, port }).active = this.#versions.get(active)
    }
    for (const [key, port] of Object.entries(this.#setup.options.fronts)) {
      const [solution, ring] = key.split('/')
      this.#door({ solution, ring, port })
    }
    for (const door of this.#doors.values()) await door.open()
    this.#save()
    await this.#collect()
  }

  async #resume(record) {
    const version = this.#create(record)
    await version.open()
    await version.resume(this.#setup.options.readyMs)
  }

  /** Brings a version beside the one that is active, and waits until its components answer. */
  place(placement) {
    return this.#turns.take(keyOf(placement), async () => {
      const { id } = placement
      const there = this.#callBack(id)
      if (there !== undefined) return { id, url: there.url, isNew: false }
      await this.#retirements.get(id)
      const version = await this.#bringUp(placement)
      return { id, url: version.url, isNew: true }
    })
  }

  async #bringUp({ directory: from, files, ...content }) {
    const { artifacts, options } = this.#setup
    // In one turn with the collector, which would take an artifact away that no version needs yet.
    const version = await this.#turns.take('artifacts', async () => {
      await artifacts.keep({ digest: content.digest, from, files })
      return this.#create({ ...content, port: 0, state: 'starting', usedAt: this.#nextTurn() })
    })
    try {
      await version.open()
      await version.start(options.readyMs)
      version.record.state = 'ready'
      this.#save()
      return version
    } catch (error) {
      this.#versions.delete(content.id)
      await version.stop()
      await this.#collect()
      throw error
    }
  }

  /** Sends the ring's traffic to a placed version: the one step in which the ring switches. */
  activate(subject) {
    return this.#turns.take(keyOf(subject), async () => {
      const version = this.#callBack(this.#find(subject)?.record.id)
      if (version === undefined) throw notPlaced(subject)
      const door = this.#door({ ...subject, port: 0 })
      await door.open()
      const before = door.active
      if (before !== version) this.#switch(door, version)
      this.#retireSurplus(subject)
      return { front: door.url, version: version.record.version, previous: before?.record.version ?? null }
    })
  }

  #switch(door, version) {
    const before = door.active
    door.active = version
    if (before !== undefined) before.record.usedAt = this.#nextTurn()
    version.record.usedAt = this.#nextTurn()
    try {
      this.#save()
    } catch (error) {
      // What is not on disk did not happen; nothing else ran in between.
      door.active = before
      throw error
    }
  }

  /** Takes a version away once nobody is being answered by it. A ring whose active version is taken away has none. */
  remove(subject) {
    return this.#turns.take(keyOf(subject), async () => {
      const versions = this.#ofRing(subject).filter(({ record }) => record.digest === subject.digest)
      const door = this.#doors.get(keyOf(subject))
      if (versions.includes(door?.active)) door.active = undefined
      for (const version of versions) this.#retire(version)
      return { removed: versions.length > 0 }
    })
  }

  status() {
    const rings = [...this.#doors.values()].map(door => ({
      solution: door.solution,
      ring: door.ring,
      front: door.url,
      active: door.active?.record.version ?? null,
      digest: door.active?.record.digest ?? null,
      versions: this.#ofRing(door).map(version => version.summary()),
    }))
    const waiting = [...this.#versions.values()].filter(({ record }) => !this.#doors.has(keyOf(record)))
    return { rings, waiting: waiting.map(version => version.summary()) }
  }

  /** Ends everything; the state stays as it is, to be restored. */
  async close() {
    const { graceMs } = this.#setup.options
    for (const door of this.#doors.values()) door.close()
    const deadline = performance.now() + graceMs
    const isBusy = () => [...this.#versions.values()].some(({ inFlight }) => inFlight > 0)
    while (isBusy() && performance.now() < deadline) await new Promise(resolve => setTimeout(resolve, 25))
    for (const door of this.#doors.values()) door.cut()
    await Promise.all([...this.#versions.values()].map(version => version.stop()))
  }

  #create(record) {
    const { artifacts, home, ledger } = this.#setup
    const logs = join(home.logs, record.id)
    mkdirSync(logs, { recursive: true })
    const version = new PlacedVersion({ record, directory: artifacts.directoryOf(record.digest), logs, ledger })
    this.#versions.set(record.id, version)
    return version
  }

  #door({ solution, ring, port }) {
    const key = keyOf({ solution, ring })
    const door =
      this.#doors.get(key) ?? new FrontDoor({ solution, ring, port: this.#setup.options.fronts[key] ?? port })
    this.#doors.set(key, door)
    return door
  }

  #ofRing(ring) {
    return [...this.#versions.values()].filter(({ record }) => keyOf(record) === keyOf(ring))
  }

  /** The version of a digest that was used last: the same digest may stand there with an older configuration. */
  #find(subject) {
    return this.#ofRing(subject)
      .filter(({ record }) => record.digest === subject.digest && record.state !== 'starting')
      .toSorted((one, other) => other.record.usedAt - one.record.usedAt)[0]
  }

  /** A version that runs, also one that was about to be taken away; undefined when it is too late for that. */
  #callBack(id) {
    const version = this.#versions.get(id)
    if (version === undefined || version.record.state === 'stopping') return undefined
    version.retirement = undefined
    version.record.state = 'ready'
    version.record.usedAt = this.#nextTurn()
    return version
  }

  /** Keeps the versions that were used last beside the active one: a rollback to them starts nothing. */
  #retireSurplus(ring) {
    const { active } = this.#doors.get(keyOf(ring))
    this.#ofRing(ring)
      .filter(version => version !== active && version.record.state === 'ready')
      .toSorted((one, other) => other.record.usedAt - one.record.usedAt)
      .slice(this.#setup.options.keep)
      .forEach(version => this.#retire(version))
  }

  #retire(version) {
    if (version.record.state !== 'ready') return
    version.record.state = 'draining'
    this.#save()
    // Called back and retired once more while the first retirement still looks on: only the last one counts.
    const mark = Symbol('retirement')
    version.retirement = mark
    const end = this.#drainAndStop(version, mark).catch(error => console.error(`${version.record.id} remains:`, error))
    this.#retirements.set(version.record.id, end)
  }

  async #drainAndStop(version, mark) {
    if (!(await version.drain(mark, this.#setup.options.graceMs))) return
    version.record.state = 'stopping'
    await version.stop()
    this.#versions.delete(version.record.id)
    this.#retirements.delete(version.record.id)
    this.#save()
    await this.#collect()
  }

  #collect() {
    return this.#turns.take('artifacts', async () => {
      const { artifacts, home } = this.#setup
      const records = [...this.#versions.values()].map(({ record }) => record)
      await artifacts.collect(records.map(({ digest }) => digest))
      forgetOldLogs(home.logs, new Set(records.map(({ id }) => id)))
    })
  }

  #nextTurn() {
    this.#turn += 1
    return this.#turn
  }

  #save() {
    this.#setup.save({
      turn: this.#turn,
      fronts: [...this.#doors.values()].map(({ solution, ring, port, active }) => ({
        solution,
        ring,
        port,
        active: active?.record.id ?? null,
      })),
      versions: [...this.#versions.values()].map(({ record }) => record),
    })
  }
}

function notPlaced({ solution, ring, digest }) {
  return new Refusal({
    status: 409,
    code: 'not_placed',
    message: `${digest} of ${solution} is not placed in ${ring}.`,
    remedy: 'Place it first.',
  })
}
