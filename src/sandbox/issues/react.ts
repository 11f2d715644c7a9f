import type { Account } from '../world/account.ts'
import type { Reaction, ReactionContent } from '../world/issue.ts'
import type { World } from '../world.ts'

/** Adds a reaction unless this account has given the same already. */
export function react(
  world: World,
  request: { reactions: Reaction[]; user: Account; content: ReactionContent },
): { reaction: Reaction; isNew: boolean } {
  const { reactions, user, content } = request
  const existing = reactions.find(each => each.user.id === user.id && each.content === content)
  if (existing !== undefined) return { reaction: existing, isNew: false }
  const reaction: Reaction = { id: world.nextId('reaction'), user, content, createdAt: world.now() }
  reactions.push(reaction)
  return { reaction, isNew: true }
}
