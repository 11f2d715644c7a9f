import { isQuarantined, type QuarantineRelease, type RingHistory } from '../deployment-history.ts'
import type { Sha256Digest } from '../units.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'

/** A ring with what happened in it. */
export interface RingFacts {
  readonly ring: string
  readonly history: RingHistory
}

/** Whether the artifact was rolled back automatically in this ring or in an earlier one. */
export function quarantineGate(
  digest: Sha256Digest,
  rings: readonly RingFacts[],
  releases: readonly QuarantineRelease[] = [],
): GateVerdict {
  const where = rings.find(({ history }) => isQuarantined(history, digest, releases))
  if (where === undefined) {
    return passed('quarantine', 'not in quarantine')
  }
  return {
    gate: 'quarantine',
    verdict: 'fail',
    reason: 'quarantined',
    words: `was rolled back automatically in ${where.ring}`,
    remedy: 'Fix it and push: a new version is not in quarantine.',
  }
}
