import type { Account } from '../world/account.ts'
import { grants, type Permissions } from '../world/permission.ts'
import type { Repository } from '../world/repository.ts'
import { includesRole, ROLES, type Role } from '../world/role.ts'
import type { Actor } from './actor.ts'
import { ApiError, forbiddenToIntegration, notFound } from './api-error.ts'

/** What a person must be in the repository to do what an App needs this permission for; not listed: `write`. */
const ROLE_FOR: Readonly<Record<string, Role>> = {
  'metadata:read': 'read',
  'contents:read': 'read',
  'deployments:read': 'read',
  'statuses:read': 'read',
  'checks:read': 'read',
  'actions:read': 'read',
  'environments:read': 'read',
  'issues:read': 'read',
  'pull_requests:read': 'read',
  // Anyone who can read may open issues, comment and open pull requests.
  'issues:write': 'read',
  'pull_requests:write': 'read',
  'administration:read': 'admin',
  'administration:write': 'admin',
  'environments:write': 'admin',
  'secrets:write': 'admin',
  'actions_variables:write': 'admin',
}

/** The strongest role that `account` has in the repository, as owner, collaborator, or through a team. */
export function roleIn(repository: Repository, account: Account): Role | undefined {
  const owner = repository.owner
  if (owner.id === account.id) return 'admin'
  const roles: (Role | undefined)[] = [repository.collaborators.get(account.id)?.role]
  const membership = owner.members.get(account.id)
  if (membership?.role === 'admin') roles.push('admin')
  if (membership !== undefined) roles.push('read')
  for (const team of owner.teams.values()) {
    if (team.members.has(account.id)) roles.push(repository.teamRoles.get(team.id))
  }
  if (!repository.private) roles.push('read')
  return ROLES.findLast(role => roles.includes(role))
}

/** May the actor know that this repository exists? */
function canSee(actor: Actor, repository: Repository): boolean {
  if (!repository.private) return true
  switch (actor.kind) {
    case 'anonymous':
    case 'app':
      return false
    case 'user':
      return roleIn(repository, actor.user) !== undefined
    case 'job':
      return actor.token.repository.id === repository.id
    case 'installation':
      return installationCovers(actor, repository)
  }
}

function installationCovers(actor: Extract<Actor, { kind: 'installation' }>, repository: Repository): boolean {
  const { installation, repositoryIds } = actor.token
  if (installation.account.id !== repository.owner.id) return false
  const within = (ids: ReadonlySet<number> | null): boolean => ids === null || ids.has(repository.id)
  return within(installation.repositoryIds) && within(repositoryIds)
}

/**
 * Lets the actor do what needs these permissions in this repository, or refuses as GitHub does: 404 to whoever may not
 * know of it, 401 to nobody in particular, 403 to the rest.
 *
 * A token of an App or a job needs each permission even where the repository is public: stricter than GitHub, so that a
 * permission that is missing in a workflow file is found here.
 */
export function demand(actor: Actor, repository: Repository, needed: Permissions): void {
  if (!canSee(actor, repository)) throw notFound()
  switch (actor.kind) {
    case 'anonymous':
      if (!Object.values(needed).every(level => level === 'read')) throw new ApiError(401, 'Requires authentication')
      return
    case 'user':
      demandRole(roleIn(repository, actor.user), needed)
      return
    case 'job':
      if (actor.token.repository.id !== repository.id || !grants(actor.token.permissions, needed)) {
        throw forbiddenToIntegration()
      }
      return
    case 'installation':
      if (!installationCovers(actor, repository) || !grants(actor.token.permissions, needed))
        throw forbiddenToIntegration()
      return
    case 'app':
      throw forbiddenToIntegration()
  }
}

function demandRole(role: Role | undefined, needed: Permissions): void {
  for (const [key, level] of Object.entries(needed)) {
    const least = ROLE_FOR[`${key}:${level}`] ?? 'write'
    if (includesRole(role, least)) continue
    throw new ApiError(
      403,
      least === 'admin' ? 'Must have admin rights to Repository.' : 'Must have push access to repository',
    )
  }
}
