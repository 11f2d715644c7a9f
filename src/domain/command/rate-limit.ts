import { type DurationMs, durationMs, type EpochMs, epochMs } from '../units.ts'

/** How many commands of one person are taken within a span. */
export interface CommandLimit {
  readonly count: number
  readonly within: DurationMs
}

/** Ten in a minute: more than anybody types, even on a bad day. */
export const commandLimit: CommandLimit = { count: 10, within: durationMs(60_000) }

/** A command of the same person that came before. */
export interface RecentCommand {
  readonly at: EpochMs
  readonly admitted: boolean
}

/** Whether a command is taken, or why not. */
export type Admission =
  | { readonly kind: 'admitted' }
  | {
      readonly kind: 'limited'
      /** When the next one is taken. */
      readonly until: EpochMs
      /** Whether the person has not been told yet: one comment answers a whole burst. */
      readonly isFirst: boolean
    }

/**
 * Whether one more command of a person is taken. Only those that were taken count, so whoever goes on typing is not kept out for ever.
 *
 * @param recent - in any order; older ones than the limit's span are passed over
 */
export function admitCommand(recent: readonly RecentCommand[], now: EpochMs, limit = commandLimit): Admission {
  const within = recent.filter(({ at }) => at > now - limit.within)
  const admitted = within.filter(one => one.admitted).map(({ at }) => at)
  if (admitted.length < limit.count) return { kind: 'admitted' }
  const oldest = admitted.toSorted((a, b) => a - b)[admitted.length - limit.count] ?? now
  return {
    kind: 'limited',
    until: epochMs(oldest + limit.within),
    isFirst: within.every(one => one.admitted),
  }
}
