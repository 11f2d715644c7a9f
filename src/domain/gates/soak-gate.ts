import { healthySince } from '../deployment-history.ts'
import { type EpochMs, epochMs } from '../units.ts'
import type { GateVerdict } from './gate-verdict.ts'
import type { SourceFacts } from './ring-order-gate.ts'

/** Whether the artifact has been healthy long enough in the ring before. */
export function soakGate({ ring, digest, source }: SourceFacts, now: EpochMs): GateVerdict {
  const { soak } = ring.gates
  if (soak === 0 || source === undefined) {
    return { gate: 'soak', verdict: 'pass', reason: 'ok', words: 'no soak asked for' }
  }
  const since = healthySince(source, digest)
  if (since === undefined) {
    return {
      gate: 'soak',
      verdict: 'wait',
      reason: 'soaking',
      words: `has not been healthy in ${ring.after ?? 'a ring'} yet`,
    }
  }
  const until = epochMs(since + soak)
  if (now >= until)
    return { gate: 'soak', verdict: 'pass', reason: 'ok', words: `soaked in ${ring.after ?? 'the ring before'}` }
  return {
    gate: 'soak',
    verdict: 'wait',
    reason: 'soaking',
    words: `${Math.ceil((until - now) / 60_000)} min of its soak in ${ring.after ?? 'the ring before'} are left`,
    until,
  }
}
