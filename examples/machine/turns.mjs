/** Whoever asks for the same thing waits until the one before is done. */
export class Turns {
  #last = new Map()

  /** @param {string} key what is asked for */
  take(key, work) {
    const before = this.#last.get(key) ?? Promise.resolve()
    const mine = before.then(work)
    // The next one's turn comes whether or not this one went well.
    const settled = mine.then(
      () => {},
      () => {},
    )
    this.#last.set(key, settled)
    return mine
  }
}
