import { type GateVerdict, passed } from './gate-verdict.ts'

/** A component of another solution that the candidate calls. */
export interface SubAgentFact {
  /** `billing/lookup`, with `@v12` where the candidate pins a version. */
  readonly name: string
  /** Whether the candidate calls one version, whatever its ring points to. */
  readonly pinned: boolean
  /** Whether that version, or without a pin any version, is published with that component; undefined when it could not be read. */
  readonly published: boolean | undefined
  /** Whether the ring of the same name in its own solution has it deployed. */
  readonly deployed: boolean
}

/**
 * Whether everything that the candidate calls elsewhere is deployed in the same ring, or pinned to a version that exists.
 *
 * @param agents - undefined when the candidate could not be read
 */
export function subAgentsGate(agents: readonly SubAgentFact[] | undefined): GateVerdict {
  if (agents === undefined) {
    return {
      gate: 'sub_agents',
      verdict: 'errored',
      reason: 'store_unreachable',
      words: 'what the version calls could not be read',
      remedy: 'Let the App read the artifact store, and try again.',
    }
  }
  if (agents.length === 0) return passed('sub_agents', 'calls nothing of other solutions')
  const faults = agents.flatMap(faultOf)
  if (faults.length > 0) {
    return {
      gate: 'sub_agents',
      verdict: 'fail',
      reason: 'sub_agent_missing',
      words: faults.join('; '),
      remedy: 'Deploy it to the ring of its solution first, or pin a published version under `uses`.',
    }
  }
  const unread = agents.filter(({ published }) => published === undefined).map(({ name }) => name)
  if (unread.length > 0) {
    const words = `nobody could read whether there is ${unread.join(', ')}`
    return { gate: 'sub_agents', verdict: 'errored', reason: 'github_unreachable', words, remedy: 'Try again.' }
  }
  return passed(
    'sub_agents',
    agents.map(({ name, deployed }) => `${name} is ${deployed ? 'deployed' : 'pinned'}`).join('; '),
  )
}

function faultOf({ name, pinned, published, deployed }: SubAgentFact): readonly string[] {
  if (published === false) return [`${name} was never published`]
  return pinned || deployed ? [] : [`${name} is neither deployed in this ring nor pinned`]
}
