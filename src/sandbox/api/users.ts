import type { Account, Team } from '../world/account.ts'
import type { World } from '../world.ts'
import { accountOf, userOf } from './actor.ts'
import { found } from './api-error.ts'
import { pageOf } from './page.ts'
import { presentTeam } from './present/team.ts'
import { presentPublicUser, presentTeamOrganization, presentUser } from './present/user.ts'
import { type Call, ok } from './route.ts'
import type { RoutePlugin } from './server.ts'

/** People, teams and who belongs to them. */
export const userRoutes: RoutePlugin = (server, { world }) => {
  server.plainRoute({
    method: 'GET',
    path: '/user',
    by: 'signed_in',
    handle: ({ actor }) => ok(presentPublicUser(world, userOf(actor))),
  })
  server.plainRoute({
    method: 'GET',
    path: '/users/{username}',
    by: 'anyone',
    handle: ({ param }) => ok(presentPublicUser(world, found(world.account(param('username'))))),
  })
  server.plainRoute({
    method: 'GET',
    path: '/user/{account_id}',
    by: 'anyone',
    handle: ({ id }) => {
      const wanted = id('account_id')
      return ok(presentPublicUser(world, found([...world.accounts.values()].find(account => account.id === wanted))))
    },
  })
  server.plainRoute({
    method: 'GET',
    path: '/orgs/{org}/teams/{team_slug}',
    by: 'signed_in',
    handle: call => ok({ ...presentTeam(world, teamIn(world, call)), ...counts(world, teamIn(world, call)) }),
  })
  server.plainRoute({
    method: 'GET',
    path: '/orgs/{org}/teams/{team_slug}/members',
    by: 'signed_in',
    handle: call => {
      const all = [...teamIn(world, call).members.values()]
      return pageOf(call, { all, present: ({ account }) => presentUser(world, account) })
    },
  })
  server.plainRoute({
    method: 'GET',
    path: '/orgs/{org}/teams/{team_slug}/memberships/{username}',
    by: 'signed_in',
    handle: call => {
      const account = found(world.account(call.param('username')))
      const { role } = found(teamIn(world, call).members.get(account.id))
      const url = `${world.apiUrl}/teams/${teamIn(world, call).id}/memberships/${account.login}`
      return ok({ url, role, state: 'active' })
    },
  })
}

/** The team that the path names, for members of its organisation and for Apps installed there with `members: read`. */
function teamIn(world: World, call: Call): Team {
  const organization = found(world.account(call.param('org')))
  if (!maySeeTeams(call, organization)) return found<Team>(undefined)
  return found(organization.teams.get(call.param('team_slug')))
}

function maySeeTeams({ actor }: Call, organization: Account): boolean {
  if (actor.kind === 'installation') {
    return actor.token.installation.account === organization && actor.token.permissions['members'] !== undefined
  }
  return actor.kind === 'user' && organization.members.has(accountOf(actor).id)
}

function counts(world: World, team: Team): Record<string, unknown> {
  const { organization } = team
  const repositories = [...world.repositories.values()].filter(each => each.teamRoles.has(team.id)).length
  return {
    members_count: team.members.size,
    repos_count: repositories,
    created_at: organization.createdAt,
    updated_at: organization.createdAt,
    organization: presentTeamOrganization(world, organization),
  }
}
