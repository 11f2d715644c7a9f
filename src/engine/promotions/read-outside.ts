import type { ConfigLayer } from '../../domain/configuration.ts'
import type { CheckFacts } from '../../domain/gates/checks-gate.ts'
import { asksAnything, type PullRequestReading } from '../../domain/gates/review-gate.ts'
import { mayDo, type Permission } from '../../domain/policy/may-do.ts'
import { ringGrants } from '../../domain/policy/ring-grants.ts'
import type { RingAction } from '../../domain/policy/ring-policy.ts'
import { isAutomatic, type Promotion } from '../../domain/promotion.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { RingFile } from '../../domain/solution.ts'
import type { CommitSha } from '../../domain/units.ts'
import type { PullRequest } from '../../ports/pull-requests.ts'
import type { ControlPorts, RepositoryOnGithub } from '../control/control-ports.ts'
import { readActor } from '../control/read-actor.ts'
import { type PolicyOfRing, type RepositoryPolicy, readOrganisation, ringOf } from '../control/read-policy.ts'
import { readCheckFacts } from '../read-check-facts.ts'

/** What GitHub and the artifact store say of a promotion, read before it is decided. */
export interface OutsideFacts {
  readonly ringFile: RingFile
  readonly place: PolicyOfRing
  readonly organisation: ConfigLayer
  readonly checks: CheckFacts | undefined
  readonly pullRequest: PullRequestReading
  /** Ids of those who wrote what would newly enter; undefined when it could not be read. */
  readonly authors: readonly number[] | undefined
  /** Names of what a job of the environment has; undefined when it could not be read. */
  readonly environment: { readonly secrets: readonly string[]; readonly variables: readonly string[] } | undefined
  /** Whether our protection rule decides on the environment's jobs. */
  readonly hasRule: boolean
  /** What the store holds under the digest of what the ring points to; undefined when the App cannot ask it. */
  readonly baselineArtifact: 'equal' | 'differs' | 'missing' | undefined
  /** Whether whoever asked may still do so. */
  readonly requester: Permission
}

/** Which promotion is looked at, and over what. */
export interface OutsideRequest {
  readonly promotion: Promotion
  /** What the ring points to. */
  readonly baseline: { readonly digest: string; readonly commit: CommitSha } | undefined
  /** Whether the candidate, or what it would replace, needs secrets or connectors: only then the environment is asked what it has. */
  readonly needsNames: boolean
}

/** Reads what the gates of a ring ask of the outside, and nothing more. */
export async function readOutside(
  ports: ControlPorts,
  { github, ringFile }: RepositoryPolicy,
  request: OutsideRequest,
): Promise<OutsideFacts> {
  const { promotion, baseline } = request
  const place = ringOf(ringFile, promotion.key)
  const { environment } = place.ring
  const [organisation, checks, pullRequest, authors, names, hasRule, baselineArtifact, requester] = await Promise.all([
    readOrganisation(ports, github),
    readCheckFacts(github, { ...place, ringFile }, { commit: promotion.candidate.commit }),
    readPullRequest(github, place, promotion.candidate.commit),
    readAuthors(github, place, request),
    request.needsNames ? readNames(github, environment) : { secrets: [], variables: [] },
    github.environments.hasCustomRule(environment),
    readStored(github, baseline?.digest),
    mayRequest({ github, ringFile, place, promotion }),
  ])
  return {
    ringFile,
    place,
    organisation,
    checks,
    pullRequest,
    authors,
    environment: names,
    hasRule,
    baselineArtifact,
    requester,
  }
}

async function mayRequest(asked: {
  github: RepositoryOnGithub
  ringFile: RingFile
  place: PolicyOfRing
  promotion: Promotion
}): Promise<Permission> {
  const { github, ringFile, place, promotion } = asked
  if (isAutomatic(promotion)) return { allowed: true }
  const grants = ringGrants(place.solution, place.ring, ringFile.allowedBots)
  const actor = await readActor(github, promotion.requestedBy, { grants: [grants] })
  const actions: RingAction[] = ['promote']
  if (promotion.hotfix) actions.push('hotfix')
  if (promotion.override !== undefined) actions.push('override')
  for (const action of actions) {
    const permission = mayDo(actor, action, grants)
    if (!permission.allowed) return permission
  }
  return { allowed: true }
}

async function readPullRequest(
  github: RepositoryOnGithub,
  { ring }: PolicyOfRing,
  commit: CommitSha,
): Promise<PullRequestReading> {
  const rules = ring.gates.pullRequest
  if (ring.accepts !== 'drafts' && !asksAnything(rules)) return { kind: 'none' }
  return await orElse<PullRequestReading>({ kind: 'unknown' }, async () => {
    const pulls = await github.pullRequests.ofCommit(commit)
    const pull = pulls.find(one => one.mergeCommit === commit) ?? pulls.find(one => one.head.commit === commit)
    if (pull === undefined) return { kind: 'none' }
    const [review, behindBy, unverifiedCommits] = await Promise.all([
      rules.review === 'none' ? undefined : readReview(github, pull),
      rules.upToDate === 'none' ? undefined : github.pullRequests.behindBy(pull),
      rules.verifiedCommits === 'none' ? undefined : countUnverified(github, pull),
    ])
    return {
      kind: 'known',
      pullRequest: {
        number: pull.number,
        state: pull.isMerged ? 'merged' : pull.state,
        isDraft: pull.isDraft,
        isFromFork: pull.head.isFork,
        labels: pull.labels,
        review,
        behindBy,
        unverifiedCommits,
      },
    }
  })
}

async function readReview(
  { pullRequests }: RepositoryOnGithub,
  { number }: PullRequest,
): Promise<'approved' | 'changes_requested' | 'missing'> {
  const { decision } = await pullRequests.reviews(number)
  return decision === 'none' ? 'missing' : decision
}

async function countUnverified(
  { pullRequests }: RepositoryOnGithub,
  { number }: PullRequest,
): Promise<number | undefined> {
  const { commits, isComplete } = await pullRequests.commits(number)
  return isComplete ? commits.filter(commit => !commit.isVerified).length : undefined
}

async function readAuthors(
  github: RepositoryOnGithub,
  { ring }: PolicyOfRing,
  { promotion, baseline }: OutsideRequest,
): Promise<readonly number[] | undefined> {
  const rule = ring.gates.approvals
  if (rule === undefined || rule.authors) return []
  return await orElse(undefined, async () => {
    const { commit } = promotion.candidate
    if (baseline === undefined) return await authorsOfPulls(github, commit)
    const range = await github.pullRequests.between({ earlier: baseline.commit, later: commit })
    if (range === undefined || range.count > range.commits.length) return undefined
    return range.commits.flatMap(one => (one.author === undefined ? [] : [one.author.id]))
  })
}

/** Of what enters first there is nothing to compare with: those who wrote the pull request that it came by. */
async function authorsOfPulls({ pullRequests }: RepositoryOnGithub, commit: CommitSha): Promise<readonly number[]> {
  const pulls = await pullRequests.ofCommit(commit)
  const commits = await Promise.all(pulls.map(({ number }) => pullRequests.commits(number)))
  return commits.flatMap(one => one.commits.flatMap(({ author }) => (author === undefined ? [] : [author.id])))
}

/** Names of what a job of an environment has; undefined when it could not be read. */
export async function readNames(github: RepositoryOnGithub, environment: string): Promise<OutsideFacts['environment']> {
  return await orElse(undefined, async () => {
    const settings = Object.values(await github.inventory.settings(environment))
    const secrets = settings.map(place => place.secrets)
    const variables = settings.map(place => place.variables)
    if ([...secrets, ...variables].includes('unknown')) return undefined
    return { secrets: secrets.flat(), variables: variables.flat() }
  })
}

/** What the store holds under a digest; undefined when the App cannot ask it. */
export async function readStored(
  { artifacts }: RepositoryOnGithub,
  digest: string | undefined,
): Promise<OutsideFacts['baselineArtifact']> {
  if (artifacts === undefined || digest === undefined) return undefined
  try {
    return (await artifacts.read(digest)) === undefined ? 'missing' : 'equal'
  } catch (error) {
    if (!(error instanceof RingwayError)) throw error
    return error.code === 'digest_mismatch' ? 'differs' : undefined
  }
}

/** What cannot be asked holds a gate; it does not stop the others from being asked. */
async function orElse<T>(fallback: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof RingwayError) return fallback
    throw error
  }
}
