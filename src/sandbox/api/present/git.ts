import type { GitCommit, GitFileChange, GitPerson, GitRef, GitTag } from '../../git/git-object.ts'
import type { Account } from '../../world/account.ts'
import type { Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import { nodeId } from './node-id.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'
import { presentNullableUser } from './user.ts'

const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }

export function presentRef(world: World, repository: Repository, ref: GitRef): Record<string, unknown> {
  const url = repositoryUrl(world, repository)
  const path = encodeURI(ref.name.replace(/^refs\//, ''))
  return {
    ref: ref.name,
    node_id: nodeId('REF', `${repository.id}:${ref.name}`),
    url: `${url}/git/refs/${path}`,
    object: { type: ref.type, sha: ref.sha, url: `${url}/git/${ref.type}s/${ref.sha}` },
  }
}

export function presentTag(world: World, repository: Repository, tag: GitTag): Record<string, unknown> {
  const url = `${repositoryUrl(world, repository)}/git`
  return {
    node_id: nodeId('TA', tag.sha),
    tag: tag.tag,
    sha: tag.sha,
    url: `${url}/tags/${tag.sha}`,
    message: tag.message,
    tagger: presentPerson(tag.tagger),
    object: { ...tag.object, url: `${url}/${tag.object.type}s/${tag.object.sha}` },
    verification: UNSIGNED,
  }
}

/** GitHub's `git-commit`: the bare git object. */
export function presentGitCommit(world: World, repository: Repository, commit: GitCommit): Record<string, unknown> {
  const url = `${repositoryUrl(world, repository)}/git`
  const page = repositoryPage(world, repository)
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    url: `${url}/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    author: presentPerson(commit.author),
    committer: presentPerson(commit.committer),
    message: commit.message,
    tree: { sha: commit.tree, url: `${url}/trees/${commit.tree}` },
    parents: commit.parents.map(sha => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
    verification: UNSIGNED,
  }
}

/** GitHub's `commit`: the git object with the accounts behind it. */
export function presentCommit(world: World, repository: Repository, commit: GitCommit): Record<string, unknown> {
  const url = repositoryUrl(world, repository)
  const page = repositoryPage(world, repository)
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    url: `${url}/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    commit: {
      url: `${url}/git/commits/${commit.sha}`,
      author: presentPerson(commit.author),
      committer: presentPerson(commit.committer),
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      verification: UNSIGNED,
    },
    author: presentNullableUser(world, accountBehind(world, commit.author)),
    committer: presentNullableUser(world, accountBehind(world, commit.committer)),
    parents: commit.parents.map(sha => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
  }
}

/** GitHub's `diff-entry`: one file of a commit, a comparison or a pull request. */
export function presentFileChange(
  world: World,
  repository: Repository,
  { change, head }: { change: GitFileChange; head: string },
): Record<string, unknown> {
  const path = encodeURI(change.path)
  const page = repositoryPage(world, repository)
  return {
    sha: change.sha,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${page}/blob/${head}/${path}`,
    raw_url: `${page}/raw/${head}/${path}`,
    contents_url: `${repositoryUrl(world, repository)}/contents/${path}?ref=${head}`,
    ...(change.patch === null ? {} : { patch: change.patch }),
    ...(change.previousPath === null ? {} : { previous_filename: change.previousPath }),
  }
}

export function presentPerson(person: GitPerson): Record<string, unknown> {
  return { name: person.name, email: person.email, date: person.date }
}

/** GitHub's no-reply addresses name their account; other addresses belong to nobody here. */
export function accountBehind(world: World, person: GitPerson): Account | null {
  const login = /^(?:\d+\+)?([^@]+)@users\.noreply\.github\.com$/.exec(person.email)?.[1]
  return login === undefined ? null : (world.account(login) ?? null)
}

/** The address that commits made in the name of an account get. */
export function personOf(account: Account, date: Date): GitPerson {
  return { name: account.login, email: `${account.id}+${account.login}@users.noreply.github.com`, date }
}
