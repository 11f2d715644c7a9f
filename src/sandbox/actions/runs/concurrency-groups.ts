/** Who wants to be alone in a group. */
export interface Contender {
  readonly group: string
  readonly cancelInProgress: boolean
  /** `max`: up to 100 wait in turn; `single`, the default: only the newest waits. */
  readonly queue: 'single' | 'max'
  /** Told when a newer contender wants it gone, while it waits or while it runs. */
  readonly onReplaced: (message: string) => void
  /** Ends the waiting. */
  readonly signal: AbortSignal
}

export interface ConcurrencyGroups {
  /** Waits for its turn: the function that leaves the group, or undefined when the turn will never come. */
  enter(contender: Contender): Promise<(() => void) | undefined>
}

interface Waiting {
  readonly contender: Contender
  readonly admit: () => void
  readonly dismiss: () => void
}

interface Group {
  running: Contender | undefined
  readonly waiting: Waiting[]
}

const MAX_WAITING = 100

/**
 * The concurrency groups of one repository. One contender runs; by default one waits, and a newer one takes its place:
 * the replaced one is cancelled. Names are compared without case.
 */
export function createConcurrencyGroups(): ConcurrencyGroups {
  const groups = new Map<string, Group>()
  return {
    enter(contender) {
      const key = contender.group.toLowerCase()
      const group = groups.get(key) ?? { running: undefined, waiting: [] }
      groups.set(key, group)
      return enterGroup(group, contender)
    },
  }
}

function enterGroup(group: Group, contender: Contender): Promise<(() => void) | undefined> {
  if (contender.signal.aborted) return Promise.resolve(undefined)
  const leave = () => {
    group.running = undefined
    group.waiting.shift()?.admit()
  }
  if (group.running === undefined) {
    group.running = contender
    return Promise.resolve(leave)
  }
  makeRoom(group, contender)
  if (group.waiting.length >= MAX_WAITING) {
    contender.onReplaced(`The concurrency group '${contender.group}' has ${MAX_WAITING} waiting already.`)
    return Promise.resolve(undefined)
  }
  return new Promise(resolve => {
    const dismiss = () => {
      contender.signal.removeEventListener('abort', dismiss)
      const at = group.waiting.indexOf(place)
      if (at >= 0) group.waiting.splice(at, 1)
      resolve(undefined)
    }
    const admit = () => {
      contender.signal.removeEventListener('abort', dismiss)
      group.running = contender
      resolve(leave)
    }
    const place: Waiting = { contender, admit, dismiss }
    group.waiting.push(place)
    contender.signal.addEventListener('abort', dismiss, { once: true })
  })
}

function makeRoom(group: Group, contender: Contender): void {
  const message = `Canceling since a higher priority waiting request for '${contender.group}' exists`
  if (contender.queue === 'single') {
    for (const { contender: replaced, dismiss } of group.waiting.splice(0)) {
      dismiss()
      replaced.onReplaced(message)
    }
  }
  if (contender.cancelInProgress) group.running?.onReplaced(message)
}
