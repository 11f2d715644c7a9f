import type { Account } from '../../world/account.ts'
import type { World } from '../../world.ts'
import { nodeId } from './node-id.ts'

/** GitHub's `simple-user`. */
export function presentUser(world: World, account: Account): Record<string, unknown> {
  // A bot's login has brackets, which no URL may hold unescaped.
  const login = encodeURIComponent(account.login)
  const url = `${world.apiUrl}/users/${login}`
  const page = account.type === 'Bot' ? `apps/${account.login.replace('[bot]', '')}` : login
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type === 'Bot' ? 'BOT' : account.type === 'User' ? 'U' : 'O', account.id),
    avatar_url: `${world.serverUrl}/avatars/${account.id}`,
    gravatar_id: '',
    url,
    html_url: `${world.serverUrl}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  }
}

export function presentNullableUser(world: World, account: Account | null): Record<string, unknown> | null {
  return account === null ? null : presentUser(world, account)
}

/** GitHub's `public-user`: what a person's own page shows. */
export function presentPublicUser(world: World, account: Account): Record<string, unknown> {
  const owned = [...world.repositories.values()].filter(repository => repository.owner.id === account.id)
  return {
    ...presentUser(world, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: owned.filter(repository => !repository.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  }
}

/** GitHub's `organization-simple`. */
export function presentOrganization(world: World, account: Account): Record<string, unknown> {
  const url = `${world.apiUrl}/orgs/${account.login}`
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('O', account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.serverUrl}/avatars/${account.id}`,
    description: account.name,
  }
}

/** GitHub's `team-organization`: the organisation as a team's own page shows it. */
export function presentTeamOrganization(world: World, account: Account): Record<string, unknown> {
  const name = account.name ?? account.login
  return {
    ...presentOrganization(world, account),
    ...presentPublicUser(world, account),
    description: account.name,
    name,
    company: '',
    location: '',
    email: `noreply@${account.login}.example`,
    has_organization_projects: false,
    has_repository_projects: false,
    archived_at: null,
  }
}
