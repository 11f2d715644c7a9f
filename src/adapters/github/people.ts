import * as z from 'zod'
import type { Account } from '../../ports/deployments.ts'
import type { People, Person, RepositoryRole } from '../../ports/people.ts'
import type { GithubClient } from './github-client.ts'
import { oncePerKey } from './once-per-key.ts'
import { account as accountPayload } from './payload-parts.ts'

const permissionRoute = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission'
const membershipRoute = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}'

const permissionPayload = z.object({
  // `permission` folds maintain into write and triage into read; `role_name` does not.
  permission: z.enum(['admin', 'write', 'read', 'none']),
  role_name: z.string(),
  user: z.object({ id: z.number() }).nullable(),
})
const membershipPayload = z.object({ state: z.string() })

const nobody: RepositoryRole = { role: 'none', permission: 'none' }

/** People, through GitHub's REST API. Make one per decision: it remembers what accounts are called and may do. */
export function createGithubPeople(client: GithubClient): People {
  const account = oncePerKey((id: number) => readAccount(client, id))

  const roleUnder = async (login: string, id: number): Promise<RepositoryRole | 'somebody_else'> => {
    const answer = await client.read(permissionRoute, { username: login })
    if (answer === undefined) return nobody
    const { permission, role_name, user } = permissionPayload.parse(answer.data)
    return user?.id === id ? { role: role_name, permission } : 'somebody_else'
  }

  const isMember = async (team: string, person: Person): Promise<boolean> => {
    const login = (await account(person.id))?.login
    if (login === undefined) return false
    const answer = await client.read(membershipRoute, { org: client.owner, team_slug: team, username: login })
    return answer !== undefined && membershipPayload.parse(answer.data).state === 'active'
  }

  const readRole = oncePerKey(async ({ id, login: known }: Person): Promise<RepositoryRole> => {
    const role = await roleUnder(known, id)
    if (typeof role === 'object' && role.permission !== 'none') return role
    // Renamed, or the login belongs to somebody else by now.
    const login = (await account(id))?.login
    if (login === undefined || login === known) return typeof role === 'object' ? role : nobody
    const now = await roleUnder(login, id)
    return now === 'somebody_else' ? nobody : now
  })

  return {
    account,
    isMember,
    roleOf: ({ id, login }) => readRole({ id, login }),
    async teamsOf(person, teams) {
      const memberships = await Promise.all(teams.map(team => isMember(team, person)))
      return teams.filter((_, index) => memberships[index])
    },
  }
}

async function readAccount(client: GithubClient, id: number): Promise<Account | undefined> {
  const answer = await client.read('GET /user/{account_id}', { account_id: id })
  return answer === undefined ? undefined : accountPayload.parse(answer.data)
}
