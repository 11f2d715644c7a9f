import { REACTIONS, type Reaction } from '../../world/issue.ts'
import type { World } from '../../world.ts'
import { nodeId } from './node-id.ts'
import { presentUser } from './user.ts'

export function presentReaction(world: World, reaction: Reaction): Record<string, unknown> {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: presentUser(world, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  }
}

/** GitHub's `reaction-rollup`: how many of each. */
export function presentRollup(url: string, reactions: readonly Reaction[]): Record<string, unknown> {
  const counts = REACTIONS.map(content => [content, reactions.filter(each => each.content === content).length])
  return { url: `${url}/reactions`, total_count: reactions.length, ...Object.fromEntries(counts) }
}
