import { canonicalJson } from '../canonical-json.ts'
import type { Ring } from '../ring.ts'

/**
 * The rules that an approval of a ring is bound to, as canonical JSON; whoever keeps approvals hashes it. Whoever approved them approved
 * nothing else: when one changes, the approvals lapse. Configuration values are no rules, and people see them compared.
 */
export function policyDigestInput(ring: Ring): string {
  const { name, after, environment, accepts, deploy, checks, gates, who } = ring
  return canonicalJson({ schema_version: 1, name, after, environment, accepts, deploy, checks, gates, who })
}
