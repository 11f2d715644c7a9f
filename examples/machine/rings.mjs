import { setTimeout as pause } from 'node:timers/promises'
import { FrontDoor } from './front-door.mjs'
import { Refusal } from './refusal.mjs'
import { Turns } from './turns.mjs'
import { VersionShelf } from './version-shelf.mjs'

const keyOf = ({ solution, ring }) => `${solution}/${ring}`

/** A machine's rings. Every verb may be called again and has the same effect. */
export class Rings {
  #options
  #save
  #shelf
  /** One verb per ring at a time. */
  #turns = new Turns()
  /** Ring → its front door. */
  #doors = new Map()

  /**
   * @param {object} setup
   * @param {{ keep: number, graceMs: number, readyMs: number, fronts: Record<string, number> }} setup.options
   * @param {import('./state-file.mjs').State} setup.state as it was saved
   * @param {object} setup.home paths
   * @param {object} setup.artifacts
   * @param {object} setup.ledger
   * @param {(state: { turn: number, fronts: object[], versions: object[] }) => void} setup.save
   */
  constructor({ options, state, home, artifacts, ledger, save }) {
    this.#options = options
    this.#save = () => save({ turn: this.#shelf.turn, ...this.#records() })
    const part = { turn: state.turn, options, home, artifacts, ledger, turns: this.#turns, save: this.#save }
    this.#shelf = new VersionShelf(part)
  }

  #records() {
    const fronts = [...this.#doors.values()].map(({ solution, ring, port, active }) => {
      return { solution, ring, port, active: active?.record.id ?? null }
    })
    return { fronts, versions: this.#shelf.all.map(({ record }) => record) }
  }

  /** Brings back what ran when the machine last ended. */
  async restore({ fronts, versions }) {
    const ready = versions.filter(({ state }) => state === 'ready').map(record => this.#shelf.put(record))
    await Promise.all(ready.map(version => version.resume(this.#options.readyMs)))
    for (const { solution, ring, port, active } of fronts) {
      this.#door({ solution, ring }, port).active = this.#shelf.get(active)
    }
    for (const [key, port] of Object.entries(this.#options.fronts)) {
      const [solution, ring] = key.split('/')
      this.#door({ solution, ring }, port)
    }
    for (const door of this.#doors.values()) await door.open()
    this.#save()
    await this.#shelf.collect()
  }

  /** Brings a version beside the one that is active, and waits until its components answer. */
  place(placement) {
    return this.#turns.take(keyOf(placement), async () => {
      const { id } = placement
      const there = this.#shelf.callBack(id)
      if (there !== undefined) return { id, url: there.url, isNew: false }
      await this.#shelf.gone(id)
      const version = await this.#shelf.bringUp(placement, this.#options.readyMs)
      return { id, url: version.url, isNew: true }
    })
  }

  /** Sends the ring's traffic to a placed version: the one step in which the ring switches. */
  activate(subject) {
    return this.#turns.take(keyOf(subject), async () => {
      const version = this.#shelf.callBack(this.#shelf.find(subject)?.record.id)
      if (version === undefined) throw notPlaced(subject)
      const door = this.#door(subject, 0)
      await door.open()
      const before = door.active
      if (before !== version) this.#switch(door, version)
      // What stays beside it makes a rollback that starts nothing.
      for (const surplus of this.#shelf.beside(version).slice(this.#options.keep)) this.#shelf.retire(surplus)
      return { front: door.url, version: version.record.version, previous: before?.record.version ?? null }
    })
  }

  #switch(door, version) {
    const before = door.active
    if (before !== undefined) before.record.usedAt = this.#shelf.nextTurn()
    door.active = version
    try {
      this.#save()
    } catch (error) {
      // What is not on disk did not happen; nobody was let in meanwhile.
      door.active = before
      throw error
    }
  }

  /** Takes a version away once nobody is being answered by it. A ring whose active version is taken away has none. */
  remove(subject) {
    return this.#turns.take(keyOf(subject), async () => {
      const versions = this.#shelf.ofRing(subject).filter(({ record }) => record.digest === subject.digest)
      const door = this.#doors.get(keyOf(subject))
      if (versions.includes(door?.active)) door.active = undefined
      for (const version of versions) this.#shelf.retire(version)
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
      versions: this.#shelf.ofRing(door).map(version => version.summary()),
    }))
    const waiting = this.#shelf.all.filter(({ record }) => !this.#doors.has(keyOf(record)))
    return { rings, waiting: waiting.map(version => version.summary()) }
  }

  /** Ends everything; the state stays as it is, to be restored. */
  async close() {
    for (const door of this.#doors.values()) door.close()
    const deadline = performance.now() + this.#options.graceMs
    while (this.#shelf.all.some(({ inFlight }) => inFlight > 0) && performance.now() < deadline) await pause(25)
    for (const door of this.#doors.values()) door.cut()
    await Promise.all(this.#shelf.all.map(version => version.stop()))
  }

  #door({ solution, ring }, port) {
    const key = keyOf({ solution, ring })
    const door = this.#doors.get(key) ?? new FrontDoor({ solution, ring, port: this.#options.fronts[key] ?? port })
    this.#doors.set(key, door)
    return door
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
