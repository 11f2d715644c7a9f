import * as z from 'zod'
import { githubRoles } from '../../../src/domain/policy/grant.ts'
import type { RunClaims } from '../../../src/domain/policy/run-identity.ts'
import type { RepositoryDirectory } from '../../../src/ports/repository-directory.ts'
import { cursorOf, nextPath, pageOf, pageQuery } from '../page.ts'
import type { PersonPrincipal } from '../principal.ts'
import { type ApiRoute, noBody, nothing, signedInRoute } from '../route.ts'

const path = '/v1/me'

const repository = z.object({
  id: z.int(),
  full_name: z.string(),
  role: z.enum(githubRoles).describe('On GitHub.'),
})

const person = pageOf(repository).extend({
  kind: z.literal('user'),
  id: z.int(),
  login: z.string(),
  may_write: z.boolean().describe('Whether the token may change anything here: GitHub says that it may there.'),
})

const run = z.object({
  kind: z.literal('run'),
  repository_id: z.int(),
  repository: z.string(),
  run_id: z.int(),
  run_attempt: z.int(),
  environment: z.string().nullable(),
  event: z.string(),
  actor_id: z.int(),
  actor: z.string(),
})

/** Where a page begins: behind this name. */
const cursor = cursorOf(z.object({ after: z.string() }))

/** `GET /v1/me`: who asks, and in which repositories with Ringway they have which role. */
export function meRoute(directory: RepositoryDirectory): ApiRoute {
  return signedInRoute({
    id: 'whoAmI',
    method: 'GET',
    path,
    summary: 'Who asks, and in which repositories with Ringway they have which role.',
    params: nothing,
    query: z.strictObject(pageQuery),
    body: noBody,
    answer: z.discriminatedUnion('kind', [person, run]),
    example: { params: {}, query: {}, body: undefined },
    handle: async ({ who, query }) =>
      who.kind === 'user' ? await describePerson(directory, who, query) : describeRun(who.claims),
  })
}

function describeRun(claims: RunClaims): z.output<typeof run> {
  return {
    kind: 'run',
    repository_id: claims.repositoryId,
    repository: claims.repository,
    run_id: claims.runId,
    run_attempt: claims.runAttempt,
    environment: claims.environment ?? null,
    event: claims.eventName,
    actor_id: claims.actorId,
    actor: claims.actor,
  }
}

async function describePerson(
  directory: RepositoryDirectory,
  principal: PersonPrincipal,
  query: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<z.output<typeof person>> {
  const { id, login, mayWrite } = principal.owner
  const after = cursor.read(query.cursor)?.after ?? ''
  const roles = await principal.repositories()
  const all = await directory.among([...roles.keys()])
  const named = all.flatMap(({ repository: key, owner, name }) => {
    const role = roles.get(key)
    return role === undefined ? [] : [{ id: key, full_name: `${owner}/${name}`, role }]
  })
  const rest = named.sort(byName).filter(each => each.full_name > after)
  const items = rest.slice(0, query.limit)
  const last = rest.length > items.length ? items.at(-1) : undefined
  const next =
    last === undefined ? null : nextPath(path, { cursor: cursor.write({ after: last.full_name }), limit: query.limit })
  return { kind: 'user', id, login, may_write: mayWrite, items, next }
}

/** By code units, as the comparison with a cursor is. */
function byName(one: { readonly full_name: string }, other: { readonly full_name: string }): number {
  return one.full_name < other.full_name ? -1 : 1
}
