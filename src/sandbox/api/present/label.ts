import type { Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import { nodeId } from './node-id.ts'
import { repositoryUrl } from './repository.ts'

export function presentLabel(world: World, repository: Repository, name: string): Record<string, unknown> {
  // Labels are only names here; an id that follows from the name stays the same in every answer.
  const id = Array.from(name).reduce(
    (sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_000_007,
    repository.id,
  )
  return {
    id,
    node_id: nodeId('LA', id),
    url: `${repositoryUrl(world, repository)}/labels/${encodeURIComponent(name)}`,
    name,
    description: '',
    color: 'ededed',
    default: false,
  }
}
