import type { GithubRole } from '../../src/domain/policy/grant.ts'
import type { Permission } from '../../src/domain/policy/may-do.ts'
import type { RingAction } from '../../src/domain/policy/ring-policy.ts'
import type { RunClaims } from '../../src/domain/policy/run-identity.ts'
import type { Person } from '../../src/domain/promotion.ts'
import type { RingKey } from '../../src/domain/ring-key.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import type { RepositoryDirectory } from '../../src/ports/repository-directory.ts'
import type { NamedRepository } from '../../src/ports/user-tokens.ts'
import type { Access } from './access.ts'
import type { PersonPrincipal, Principal, RunPrincipal } from './principal.ts'

/** Says who may do what in a ring, by what GitHub says of the person to the App itself at that moment. */
export interface RingGuard {
  /** @throws {RingwayError} `unknown_solution`, `unknown_ring`, `ring_file_missing`, `ring_file_invalid`, `github_unreachable` */
  may(person: Person, action: RingAction, ring: RingKey): Promise<Permission>
}

/** A person, and the repository that is shown to them. */
export interface AdmittedPerson {
  readonly kind: 'person'
  readonly person: Person
  readonly repository: NamedRepository
  /** By the person's own token. */
  readonly role: GithubRole
}

/** A run of a repository where the App is installed. */
export interface AdmittedRun {
  readonly kind: 'run'
  readonly claims: RunClaims
  readonly repository: NamedRepository
}

/** Whom a route lets in. */
export type Admitted =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'principal'; readonly principal: Principal }
  | AdmittedPerson
  | AdmittedRun

/** What decides whom a route lets in. */
export interface Admission {
  authenticate(authorization: string | undefined): Promise<Principal>
  readonly directory: RepositoryDirectory
  readonly ringGuard: RingGuard
}

/** What a request says of itself. */
export interface Visit {
  readonly authorization: string | undefined
  /** What stands in the places of the path. */
  readonly places: Readonly<Record<string, string>>
}

/**
 * Lets a request in, or refuses it. Whoever is not named by the access of the route stays out.
 *
 * @throws {RingwayError} `unauthenticated`, `token_replayed`, `not_found`, `not_permitted`, `unauthorised_run`, and what the guard of rings throws
 */
export async function admit(admission: Admission, access: Access, visit: Visit): Promise<Admitted> {
  if (access === 'anyone') return { kind: 'anyone' }
  const principal = await admission.authenticate(visit.authorization)
  if (access === 'signed_in') return { kind: 'principal', principal }
  if (access === 'run') return await admitRun(admission, principal)
  const person = await admitPerson(admission, demandPerson(principal), visit)
  if (access === 'view') return person
  if (typeof access === 'object') {
    await demandAction(admission, access.action, { admitted: person, principal, visit })
    return person
  }
  demandWriting(principal)
  if (access === 'admin' && person.role !== 'admin') throw notAdmin(person)
  return person
}

/** A repository that is not there, one without the App and one that the person may not see are the same answer. */
async function admitPerson(
  { directory }: Admission,
  principal: PersonPrincipal,
  { places }: Visit,
): Promise<AdmittedPerson> {
  const repository = await directory.byName(places['owner'] ?? '', places['repo'] ?? '')
  const role = repository === undefined ? undefined : await principal.roleOf(repository)
  if (repository === undefined || role === undefined) throw repositoryNotFound()
  const { id, login } = principal.owner
  return { kind: 'person', person: { id, login }, repository, role }
}

/** The answer for every repository that whoever asks may not know of; it names none, so that all are alike. */
function repositoryNotFound(): RingwayError {
  return new RingwayError({
    code: 'not_found',
    message: 'There is no such repository, Ringway is not installed in it, or it is not shown to this token.',
    remedy:
      'Check owner and name, that the App is installed there, and that your token is authorised for its organisation.',
  })
}

async function demandAction(
  { ringGuard }: Admission,
  action: RingAction,
  {
    admitted,
    principal,
    visit,
  }: { readonly admitted: AdmittedPerson; readonly principal: Principal; readonly visit: Visit },
): Promise<void> {
  if (action !== 'view') demandWriting(principal)
  const { tenant, repository } = admitted.repository
  const ring = { tenant, repository, solution: visit.places['solution'] ?? '', ring: visit.places['ring'] ?? '' }
  const permission = await ringGuard.may(admitted.person, action, ring)
  if (permission.allowed) return
  throw new RingwayError({ code: 'not_permitted', message: permission.words, remedy: permission.remedy })
}

/** @throws {RingwayError} `not_permitted` for a token that GitHub lets read only */
function demandWriting(principal: Principal): void {
  if (principal.kind !== 'user' || principal.owner.mayWrite) return
  throw new RingwayError({
    code: 'not_permitted',
    message: 'GitHub does not say that this token may change repositories, so it changes nothing here.',
    remedy: 'Send one with the scope `repo`: `gh auth token` prints one.',
  })
}

function notAdmin({ person, repository, role }: AdmittedPerson): RingwayError {
  return new RingwayError({
    code: 'not_permitted',
    message: `This is for admins of ${repository.owner}/${repository.name}; @${person.login} has the role ${role}.`,
    remedy: 'Ask an admin of the repository.',
  })
}

function demandPerson(principal: Principal): PersonPrincipal {
  if (principal.kind === 'user') return principal
  throw new RingwayError({
    code: 'not_permitted',
    message: `Run ${principal.claims.runId} is no person, and this is for people.`,
    remedy: 'Send a token of yours; runs have routes of their own.',
  })
}

async function admitRun({ directory }: Admission, principal: Principal): Promise<AdmittedRun> {
  const { claims } = demandRun(principal)
  const repository = await directory.byId(claims.repositoryId)
  if (repository !== undefined) return { kind: 'run', claims, repository }
  throw new RingwayError({
    code: 'unauthorised_run',
    message: `Ringway is not installed in ${claims.repository}.`,
    remedy: 'Install the App there, or leave `app-url` out of the workflow.',
  })
}

function demandRun(principal: Principal): RunPrincipal {
  if (principal.kind === 'run') return principal
  throw new RingwayError({
    code: 'not_permitted',
    message: 'This is for runs of GitHub Actions only.',
    remedy: 'Let a job send its identity token, or use the routes for people.',
  })
}
