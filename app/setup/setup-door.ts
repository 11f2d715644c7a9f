import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { EpochMs } from '../../src/domain/units.ts'

/** Milliseconds: as long as GitHub takes the code that comes back with a state. */
const lifetime = 3_600_000

/** Says who may register the App: whoever has the key that the App said on the terminal where it was started. */
export interface SetupDoor {
  /** What opens the door; part of the address that the operator is told. */
  readonly key: string
  /** @returns a session for whoever has the key; undefined for everyone else */
  enter(key: string): string | undefined
  knows(session: string): boolean
  /** A signed word that goes to GitHub with this session's wish and must come back with the answer. */
  sign(session: string): string
  /** Whether the word was signed for this session, is not too old, and comes for the first time. */
  take(session: string, state: string): boolean
  /** Takes a word back as not used: what it was for could not be asked. */
  giveBack(state: string): void
}

/** Everything is kept in memory: who starts the App again starts again. */
export function createSetupDoor(now: () => EpochMs): SetupDoor {
  const [key, signing] = [randomBytes(24).toString('base64url'), randomBytes(32)]
  const sessions = new Set<string>()
  const used = new Set<string>()
  const seal = (text: string): string => createHmac('sha256', signing).update(text).digest('base64url')

  const isSigned = (session: string, state: string): boolean => {
    const [nonce = '', end = '', signature = '', ...rest] = state.split('.')
    const isOurs = isSame(signature, seal(`${session}.${nonce}.${end}`))
    return rest.length === 0 && isOurs && now() < Number(end)
  }
  return {
    key,
    enter(given) {
      if (!isSame(given, key)) return undefined
      const session = randomBytes(24).toString('base64url')
      sessions.add(session)
      return session
    },
    knows: session => sessions.has(session),
    sign(session) {
      const [nonce, end] = [randomBytes(16).toString('base64url'), String(now() + lifetime)]
      return [nonce, end, seal(`${session}.${nonce}.${end}`)].join('.')
    },
    take(session, state) {
      if (used.has(state) || !isSigned(session, state)) return false
      used.add(state)
      return true
    },
    giveBack: state => used.delete(state),
  }
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'compared').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
