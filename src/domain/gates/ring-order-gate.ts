import { isFinal } from '../deployment.ts'
import { healthySince, type RingHistory } from '../deployment-history.ts'
import type { Ring } from '../ring.ts'
import type { Sha256Digest } from '../units.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'

/** What the ring before knows of an artifact. */
export interface SourceFacts {
  readonly ring: Ring
  readonly digest: Sha256Digest
  /** Of the ring before; undefined for a first ring. */
  readonly source: RingHistory | undefined
}

/** Whether the artifact was active and healthy in the ring before. It need not be active there now. */
export function ringOrderGate({ ring, digest, source }: SourceFacts): GateVerdict {
  if (ring.after === undefined) {
    return passed('ring_order', `${ring.name} is a first ring`)
  }
  if (source === undefined) return unknownSource('ring_order', ring.after)
  if (healthySince(source, digest) !== undefined) {
    return passed('ring_order', `was healthy in ${ring.after}`)
  }
  const newest = source.findLast(record => record.digest === digest)
  if (newest !== undefined && !isFinal(newest.state) && newest.state !== 'rolling_back') {
    return {
      gate: 'ring_order',
      verdict: 'wait',
      reason: 'ring_order',
      words: `is ${newest.state.replaceAll('_', ' ')} in ${ring.after}`,
      remedy: `Promote it once it is active in ${ring.after}.`,
    }
  }
  const seen = newest !== undefined
  return {
    gate: 'ring_order',
    verdict: 'fail',
    reason: seen ? 'source_not_healthy' : 'ring_order',
    words: seen ? `was in ${ring.after}, and not healthy there` : `has not been in ${ring.after}`,
    remedy: seen ? `Fix it and push: a new version goes through ${ring.after}.` : `Deploy it to ${ring.after} first.`,
  }
}

/** Without the history of the ring before nobody can say that the order was kept: that holds, and never passes. */
export function unknownSource(gate: 'ring_order' | 'soak', source: string): GateVerdict {
  return {
    gate,
    verdict: 'errored',
    reason: 'github_unreachable',
    words: `the history of ${source} could not be read`,
    remedy: 'Try again; if it stays so, give the job `deployments: read`.',
  }
}
