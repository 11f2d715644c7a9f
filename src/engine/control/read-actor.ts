import { readGrant } from '../../domain/policy/grant.ts'
import type { ActorFacts } from '../../domain/policy/may-do.ts'
import type { RingGrants } from '../../domain/policy/ring-policy.ts'
import type { Person } from '../../domain/promotion.ts'
import type { RepositoryOnGithub } from './control-ports.ts'

/** What a person's rights are asked for. */
export interface AskedRights {
  readonly grants: readonly RingGrants[]
  /** What rules about approvals name; their teams matter too. */
  readonly approvers?: readonly string[]
}

/** What GitHub says of a person at this moment: the role, and which of the teams that the rules name the person is in. */
export async function readActor(
  github: RepositoryOnGithub,
  person: Person,
  { grants, approvers = [] }: AskedRights,
): Promise<ActorFacts> {
  const named = [...grants.flatMap(({ who }) => Object.values(who).flat()), ...approvers.map(readGrant)]
  const slugs = new Set(named.flatMap(grant => (grant?.kind === 'team' ? [grant.slug] : [])))
  const [roleName, teams] = await Promise.all([
    github.people.roleOf(person),
    slugs.size === 0 ? [] : github.people.teamsOf(person, [...slugs]),
  ])
  return { id: person.id, login: person.login, kind: 'user', roleName: roleName.role, teams }
}
