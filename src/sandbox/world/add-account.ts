import type { World } from '../world.ts'
import type { Account, Team, TeamMember } from './account.ts'

export function addAccount(
  world: World,
  request: { login: string; type: Account['type']; name?: string; id?: number },
): Account {
  if (world.account(request.login) !== undefined) {
    throw new TypeError(`expected a login that nobody has yet, got "${request.login}"`)
  }
  const account: Account = {
    id: request.id ?? world.nextId('account'),
    login: request.login,
    type: request.type,
    name: request.name ?? null,
    createdAt: world.now(),
    members: new Map(),
    teams: new Map(),
    variables: new Map(),
    secrets: new Map(),
  }
  world.accounts.set(request.login.toLowerCase(), account)
  return account
}

export function addTeam(
  world: World,
  request: { organization: Account; slug: string; members: readonly TeamMember[] },
): Team {
  const { organization, slug } = request
  const team: Team = {
    id: world.nextId('team'),
    slug,
    name: slug,
    organization,
    members: new Map(request.members.map(member => [member.account.id, member])),
  }
  organization.teams.set(slug, team)
  // Whoever is in a team is in its organisation.
  for (const { account } of request.members) {
    if (!organization.members.has(account.id)) organization.members.set(account.id, { account, role: 'member' })
  }
  return team
}
