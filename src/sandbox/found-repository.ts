import { join } from 'node:path'
import { copyGitRepository, createGitRepository, GitRepository } from './git/git-repository.ts'
import type { Account } from './world/account.ts'
import { addRepository } from './world/add-repository.ts'
import type { Repository } from './world/repository.ts'
import type { Role } from './world/role.ts'
import type { World } from './world.ts'

export interface RepositoryRequest {
  readonly owner: Account
  readonly name: string
  /** Default true. */
  readonly private?: boolean
  /** Default `main`, or the branch that the given repository has checked out. */
  readonly defaultBranch?: string
  readonly description?: string
  readonly collaborators?: readonly { readonly account: Account; readonly role: Role }[]
  /** `copy` starts with the content of a repository on this machine; `adopt` serves that bare repository itself. */
  readonly from?: { readonly copy: string } | { readonly adopt: string }
  /** A fork: starts with the content of this repository, and may open pull requests to it. */
  readonly forkOf?: Repository
  /** Who makes it; default: the owner. */
  readonly by?: Account
}

/** Adds a repository to the world, with its git directory below `directory`, and tells those who are installed on its owner's account. */
export async function foundRepository(
  world: World,
  directory: string,
  request: RepositoryRequest,
): Promise<Repository> {
  const { owner, name, from: _from, forkOf, by = owner, ...rest } = request
  const target = join(directory, owner.login, `${name}.git`)
  const git = await openGit(request, target)
  const head = (await git.text(['symbolic-ref', 'HEAD'])).trim().replace('refs/heads/', '')
  const repository = addRepository(world, {
    ...rest,
    owner,
    name,
    git,
    defaultBranch: request.defaultBranch ?? head,
    ...(forkOf === undefined ? {} : { parent: forkOf }),
  })
  world.emit({ name: 'repository', action: 'created', repository, sender: by, byJobToken: false, body: {} })
  return repository
}

function openGit(request: RepositoryRequest, target: string): Promise<GitRepository> | GitRepository {
  const { from, forkOf } = request
  if (forkOf !== undefined) return copyGitRepository(forkOf.git.directory, target)
  if (from === undefined) return createGitRepository(target, request.defaultBranch ?? 'main')
  return 'adopt' in from ? new GitRepository(from.adopt) : copyGitRepository(from.copy, target)
}
