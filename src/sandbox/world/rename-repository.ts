import type { World } from '../world.ts'
import type { Account } from './account.ts'
import { fullName, type Repository } from './repository.ts'

/** Gives a repository another name; who asks under the old one is sent on. */
export function renameRepository(world: World, repository: Repository, to: { name: string; by: Account }): void {
  const from = repository.name
  const before = fullName(repository).toLowerCase()
  const after = `${repository.owner.login}/${to.name}`.toLowerCase()
  if (world.repositories.has(after)) throw new TypeError(`expected a repository name that is free, got "${after}"`)
  repository.name = to.name
  world.repositories.delete(before)
  world.formerNames.set(before, repository)
  world.repositories.set(after, repository)
  world.formerNames.delete(after)
  world.emit({
    name: 'repository',
    action: 'renamed',
    repository,
    sender: to.by,
    byJobToken: false,
    body: { changes: { repository: { name: { from } } } },
  })
}
