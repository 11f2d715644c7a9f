import { healthySince } from '../deployment-history.ts'
import { type EpochMs, epochMs } from '../units.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'
import { type SourceFacts, unknownSource } from './ring-order-gate.ts'

/** Whether the artifact has been healthy long enough in the ring before. The end of the span is inclusive. */
export function soakGate({ ring, digest, source }: SourceFacts, now: EpochMs): GateVerdict {
  const { soak } = ring.gates
  if (soak === 0 || ring.after === undefined) {
    return passed('soak', 'no soak asked for')
  }
  if (source === undefined) return unknownSource('soak', ring.after)
  const since = healthySince(source, digest)
  if (since === undefined) {
    return { gate: 'soak', verdict: 'wait', reason: 'soaking', words: `has not been healthy in ${ring.after} yet` }
  }
  const until = epochMs(since + soak)
  if (now >= until) return passed('soak', `soaked in ${ring.after}`)
  const words = `${Math.ceil((until - now) / 60_000)} min of its soak in ${ring.after} are left`
  return { gate: 'soak', verdict: 'wait', reason: 'soaking', words, until }
}
