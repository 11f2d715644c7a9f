import type { DeliveryWork } from '../../ports/inbox.ts'
import type { Database } from './database.ts'
import { type Claim, createDeliveryClaims, type DeliveryClaims } from './delivery-claims.ts'

/** The work on stored deliveries, with what only the inbox needs. */
export interface PostgresDeliveryWork extends DeliveryWork {
  /** Deliveries were stored: whoever is free looks for them now. */
  wake(): void
}

/** What the work is told from outside. */
export interface DeliveryWorkOptions {
  readonly database: Database
  /** Gets one line for each thing that went wrong outside of a handler; the work goes on by itself. */
  readonly report: (line: string) => void
}

/** Milliseconds. A replica hears at once of what it stored itself; the poll finds what failed, and what others stored and could not do. */
const every = { poll: 1_000, sign: 3_000 }

/**
 * Hands out deliveries that have no outcome. The row of a delivery is its own job, so nothing has to be written for it when it is stored, and
 * what was acknowledged cannot be lost on the way to a queue. One that a killed replica had begun is taken by another within eleven seconds.
 */
export function openDeliveryWork({ database, report }: DeliveryWorkOptions): PostgresDeliveryWork {
  const claims = createDeliveryClaims(database)
  const hands: Hands[] = []
  return {
    handle(options, handler) {
      hands.push(startHands({ claims, report, handler, ...options }))
    },
    wake() {
      for (const each of hands) each.look()
    },
    async stop() {
      await Promise.all(hands.splice(0).map(each => each.stop()))
    },
  }
}

interface Hands {
  look(): void
  stop(): Promise<void>
}

interface HandsParts {
  readonly claims: DeliveryClaims
  readonly report: DeliveryWorkOptions['report']
  readonly handler: (guid: string) => Promise<void>
  readonly concurrency: number
}

function startHands({ claims, report, handler, concurrency }: HandsParts): Hands {
  /** Taken and not begun: a few, so that not each one costs a question. */
  const waiting: Claim[] = []
  const begun = new Map<Claim, Promise<void>>()
  let [isLooking, mayBeMore, isStopped] = [false, false, false]

  const attempt = async (what: string, ask: Promise<void>): Promise<void> => {
    await ask.catch((error: unknown) => report(`deliveries: ${what}: ${wordsOf(error)}`))
  }
  const handle = async (claim: Claim): Promise<void> => {
    await handler(claim.guid).catch((error: unknown) => attempt('failed', claims.fail(claim, wordsOf(error))))
    begun.delete(claim)
    goOn()
  }
  const takeSome = async (): Promise<void> => {
    const room = 4 * concurrency - waiting.length
    const taken = await claims.take(room)
    waiting.push(...taken)
    if (taken.length === room) mayBeMore = true
  }
  const look = async (): Promise<void> => {
    mayBeMore = true
    if (isLooking) return
    isLooking = true
    while (mayBeMore && !isStopped && waiting.length < concurrency) {
      mayBeMore = false
      await attempt('looking', takeSome())
      begin()
    }
    isLooking = false
  }
  const begin = (): void => {
    while (!isStopped && begun.size < concurrency) {
      const claim = waiting.shift()
      if (claim === undefined) return
      begun.set(claim, handle(claim))
    }
  }
  const goOn = (): void => {
    begin()
    if (mayBeMore) void look()
  }
  const poll = setInterval(() => void look(), every.poll)
  const sign = setInterval(() => void attempt('signing', claims.keep([...begun.keys(), ...waiting])), every.sign)
  void look()
  return {
    look: () => void look(),
    async stop() {
      isStopped = true
      clearInterval(poll)
      await attempt('giving back', claims.giveBack(waiting.splice(0)))
      await Promise.all(begun.values())
      clearInterval(sign)
    },
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
