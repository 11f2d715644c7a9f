import type { RingGates } from '../ring.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'

/** What was proven of the version that a ring would go back to. */
export type RollbackReadiness =
  /** The ring has never been active: there is nothing to go back to. */
  | { readonly kind: 'no_target' }
  /** It could not be looked at. */
  | { readonly kind: 'unknown'; readonly target: string; readonly words: string }
  | {
      readonly kind: 'known'
      /** `v41` */
      readonly target: string
      /** `unproven`: the App cannot read the store, and the run that verified it failed. */
      readonly artifact: 'equal' | 'differs' | 'missing' | 'unproven'
      /** Whether its configuration snapshot is there. */
      readonly configuration: boolean
      /** Names of the secrets that it reads and the ring no longer has. */
      readonly missingSecrets: readonly string[]
    }

/** Whether the version that the ring would go back to could be restored now. Where the rule only wants it shown, it always passes. */
export function rollbackReadyGate(rule: RingGates['rollbackReady'], readiness: RollbackReadiness): GateVerdict {
  if (readiness.kind === 'no_target')
    return passed('rollback_ready', 'a first deployment: there is nothing to go back to')
  const { target } = readiness
  if (readiness.kind === 'unknown') {
    const words = `whether ${target} could be restored is not known: ${readiness.words}`
    if (rule === 'shown') return passed('rollback_ready', words)
    const remedy = 'Let the App read the artifact store and the environment, or run the workflow with `verify`.'
    return { gate: 'rollback_ready', verdict: 'errored', reason: 'store_unreachable', words, remedy }
  }
  const faults = faultsOf(readiness)
  if (faults.length === 0) return passed('rollback_ready', `${target} could be restored`)
  const words = `${target} could not be restored: ${faults.join('; ')}`
  if (rule === 'shown') return passed('rollback_ready', words)
  return {
    gate: 'rollback_ready',
    verdict: 'fail',
    reason: 'rollback_not_ready',
    words,
    remedy: `Bring back what ${target} needs, or let \`gates.rollback-ready: shown\` go without.`,
  }
}

/** What is known to be wrong with the version that a ring would go back to; undefined also where it is not known. */
export function rollbackFault(readiness: RollbackReadiness): string | undefined {
  const { verdict, words } = rollbackReadyGate('required', readiness)
  return verdict === 'fail' ? words : undefined
}

function faultsOf(known: Extract<RollbackReadiness, { kind: 'known' }>): readonly string[] {
  const { artifact, configuration, missingSecrets } = known
  const secrets = missingSecrets.length === 1 ? 'its secret' : 'its secrets'
  const are = missingSecrets.length === 1 ? 'is' : 'are'
  return [
    artifact === 'missing' ? 'the store no longer holds its artifact' : '',
    artifact === 'differs' ? 'what the store holds is not its artifact' : '',
    artifact === 'unproven' ? 'the run that verifies its artifact failed' : '',
    configuration ? '' : 'its configuration snapshot is gone',
    missingSecrets.length === 0 ? '' : `${secrets} ${missingSecrets.join(', ')} ${are} gone`,
  ].filter(fault => fault !== '')
}
