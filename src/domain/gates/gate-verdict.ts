import type { ReasonCode } from '../reason-code.ts'
import type { EpochMs } from '../units.ts'

/** The gates, in the order in which people read them. */
export const gateNames = [
  'requester',
  'drafts',
  'ring_order',
  'quarantine',
  'soak',
  'hold',
  'checks',
  'review',
  'compatibility',
  'configuration',
  'sub_agents',
  'rollback_ready',
  'budget',
  'lock',
  'windows',
  'approvals',
] as const

/** The name of a gate. */
export type GateName = (typeof gateNames)[number]

/**
 * What a gate says. `pass`; `wait`: not yet, and it can come by itself or by a person; `fail`: no; `inconclusive`: there is too little
 * to say; `errored`: it could not be asked. Only `fail` refuses, everything but `pass` holds.
 */
export interface GateVerdict {
  readonly gate: GateName
  readonly verdict: 'pass' | 'wait' | 'fail' | 'inconclusive' | 'errored'
  readonly reason: ReasonCode
  /** What it found, in words. */
  readonly words: string
  /** When it will pass by itself, if nothing changes. */
  readonly until?: EpochMs | undefined
  /** What a person can do. */
  readonly remedy?: string | undefined
}

/** The gate has nothing against it. */
export function passed(gate: GateName, words: string): GateVerdict {
  return { gate, verdict: 'pass', reason: 'ok', words }
}
