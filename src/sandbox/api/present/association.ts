import type { Account } from '../../world/account.ts'
import type { Repository } from '../../world/repository.ts'

/** GitHub's `author_association`. It is no permission check, and whoever takes it for one shall fail here too. */
export function associationOf(repository: Repository, account: Account): string {
  if (repository.owner.id === account.id) return 'OWNER'
  if (repository.owner.members.has(account.id)) return 'MEMBER'
  return repository.collaborators.has(account.id) ? 'COLLABORATOR' : 'NONE'
}
