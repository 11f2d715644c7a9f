import type { ActorFacts } from '../../domain/policy/may-do.ts'
import type { RingGrants } from '../../domain/policy/ring-policy.ts'
import type { Person } from '../../domain/promotion.ts'
import type { RepositoryOnGithub } from './control-ports.ts'

/** What GitHub says of a person at this moment: the role, and which of the teams that the rules name the person is in. */
export async function readActor(
  github: RepositoryOnGithub,
  person: Person,
  grants: readonly RingGrants[],
  also: readonly string[] = [],
): Promise<ActorFacts> {
  const named = grants.flatMap(({ who }) => Object.values(who).flat())
  const slugs = new Set([...named.flatMap(grant => (grant.kind === 'team' ? [grant.slug] : [])), ...also])
  const [roleName, teams] = await Promise.all([
    github.people.roleOf(person),
    slugs.size === 0 ? [] : github.people.teamsOf(person, [...slugs]),
  ])
  return { id: person.id, login: person.login, kind: 'user', roleName: roleName.role, teams }
}
