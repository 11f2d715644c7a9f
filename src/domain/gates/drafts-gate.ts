import type { Ring } from '../ring.ts'
import type { VersionNumber } from '../version.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'

/** Whether the ring takes what has no number. */
export function draftsGate(ring: Ring, version: VersionNumber | undefined): GateVerdict {
  if (version !== undefined) return passed('drafts', 'a published version')
  if (ring.accepts === 'drafts') return passed('drafts', 'the ring accepts drafts')
  return {
    gate: 'drafts',
    verdict: 'fail',
    reason: 'drafts_not_accepted',
    words: `${ring.name} takes published versions, and this is a draft of a pull request`,
    remedy: 'Merge the pull request and promote the version that its merge publishes.',
  }
}
