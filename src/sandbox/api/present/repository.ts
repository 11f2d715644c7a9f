import { fullName, type Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import { nodeId } from './node-id.ts'
import { presentUser } from './user.ts'

export function repositoryUrl(world: World, repository: Repository): string {
  return `${world.apiUrl}/repos/${fullName(repository)}`
}

export function repositoryPage(world: World, repository: Repository): string {
  return `${world.serverUrl}/${fullName(repository)}`
}

export function cloneUrl(world: World, repository: Repository): string {
  return `${repositoryPage(world, repository)}.git`
}

/** Endings of the URL fields that hang below the repository's own URL, by field. */
const URL_FIELDS: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
}

/** GitHub's `minimal-repository`. */
export function presentMinimalRepository(world: World, repository: Repository): Record<string, unknown> {
  const url = repositoryUrl(world, repository)
  const links = Object.fromEntries(Object.entries(URL_FIELDS).map(([field, ending]) => [field, url + ending]))
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    owner: presentUser(world, repository.owner),
    private: repository.private,
    html_url: repositoryPage(world, repository),
    description: repository.description,
    fork: repository.parent !== null,
    url,
    ...links,
  }
}

/** The repository as it stands in lists, webhooks and the two sides of a pull request. */
export function presentRepository(world: World, repository: Repository): Record<string, unknown> {
  const open = [...repository.issues.values()].filter(issue => issue.state === 'open').length
  const forks = [...world.repositories.values()].filter(other => other.parent?.id === repository.id).length
  return {
    ...presentMinimalRepository(world, repository),
    clone_url: cloneUrl(world, repository),
    git_url: cloneUrl(world, repository).replace(/^http/, 'git'),
    ssh_url: `git@127.0.0.1:${fullName(repository)}.git`,
    svn_url: repositoryPage(world, repository),
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    topics: [],
    size: 0,
    default_branch: repository.defaultBranch,
    visibility: repository.private ? 'private' : 'public',
    archived: repository.archived,
    disabled: false,
    is_template: false,
    allow_forking: true,
    web_commit_signoff_required: false,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    forks,
    forks_count: forks,
    open_issues: open,
    open_issues_count: open,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    created_at: repository.createdAt,
    updated_at: repository.updatedAt,
    pushed_at: repository.pushedAt,
  }
}

/** GitHub's `full-repository`: the answer to GET /repos/{owner}/{repo}. */
export function presentFullRepository(world: World, repository: Repository): Record<string, unknown> {
  return {
    ...presentRepository(world, repository),
    subscribers_count: 0,
    network_count: 0,
    ...(repository.owner.type === 'Organization' ? { organization: presentUser(world, repository.owner) } : {}),
    ...(repository.parent === null ? {} : { parent: presentRepository(world, repository.parent) }),
  }
}
