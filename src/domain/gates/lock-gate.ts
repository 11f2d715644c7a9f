import type { Person } from '../promotion.ts'
import type { RingLock } from '../ring-lock.ts'
import { type EpochMs, epochMs } from '../units.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'

/** What the lock gate looks at. */
export interface LockFacts {
  /** The locks of the ring and of the whole repository. */
  readonly locks: readonly RingLock[]
  /** Whoever requested the promotion; undefined where nobody did. */
  readonly requester: Person | undefined
}

/** Whether nobody else keeps promotions out. The holder's own promotions pass, and a lock that has expired keeps nobody out. */
export function lockGate({ locks, requester }: LockFacts, now: EpochMs): GateVerdict {
  const valid = locks.filter(({ until }) => until === undefined || now < until)
  const others = valid.filter(({ by }) => by.id !== requester?.id)
  const [first] = others
  if (first === undefined) {
    const words = valid.length === 0 ? 'not locked' : 'locked by whoever promotes'
    return passed('lock', words)
  }
  return {
    gate: 'lock',
    verdict: 'wait',
    reason: 'locked',
    words: others.map(lockWords).join('; '),
    until: lastEnd(others),
    remedy: `Ask @${first.by.login}, or type \`/unlock${first.ring === undefined ? '' : ` ${first.ring.ring}`}\`. A rollback is never locked out.`,
  }
}

function lockWords({ ring, by, reason }: RingLock): string {
  const what = ring === undefined ? 'every ring is locked' : 'locked'
  return `${what} by @${by.login}${reason === undefined ? '' : `: ${reason}`}`
}

/** When the last of them ends; undefined as long as one has no end. */
function lastEnd(locks: readonly RingLock[]): EpochMs | undefined {
  const ends = locks.map(({ until }) => until ?? Number.POSITIVE_INFINITY)
  const last = Math.max(...ends)
  return Number.isFinite(last) ? epochMs(last) : undefined
}
