import { deploymentPayload } from '../domain/deployment-payload.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import { describeStatus } from '../domain/status-description.ts'
import type { DeployPorts } from './deploy-ports.ts'
import type { Candidate } from './find-candidate.ts'
import type { Place } from './find-place.ts'

/** A version to send on its way into a ring. */
export interface PromotionRequest {
  readonly place: Place
  readonly candidate: Candidate
  /** The same for the same wish, so that a re-run of this job opens nothing twice. */
  readonly promotion: string
  /** Why, for people. */
  readonly words: string
}

/** A run that was started. */
export interface OpenedPromotion {
  readonly ring: string
  readonly runUrl: string
  /** Absent where GitHub opens the Deployment for the job. */
  readonly deployment: number | undefined
}

/** What opening a promotion asks of the outside. */
export type PromotionPorts = Pick<
  DeployPorts,
  'deployments' | 'environments' | 'runs' | 'repository' | 'run' | 'journal'
>

/**
 * Starts the run that places a version in a ring, with exactly one GitHub Deployment: ours, unless a custom protection rule decides on the
 * environment's jobs; then GitHub's own for the job, because a job that opens none may not meet such a rule.
 */
export async function openPromotion(ports: PromotionPorts, request: PromotionRequest): Promise<OpenedPromotion> {
  const { place, candidate, promotion } = request
  const { environment } = place.ring
  const customRule = await ports.environments.hasCustomRule(environment)
  const deployment = customRule ? undefined : await openDeployment(ports, request)
  const run = await ports.runs.dispatch({
    workflow: place.ringFile.workflow,
    branch: await ports.repository.defaultBranch(),
    command: 'deploy',
    environment,
    artifact: candidate.version === undefined ? candidate.digest : candidate.name,
    deployment,
    promotion,
    repeated: ports.run.attempt > 1,
  })
  ports.journal.say(`${candidate.name} is on its way into ${place.ring.name}: ${run.url}`)
  return { ring: place.ring.name, runUrl: run.url, deployment }
}

async function openDeployment(ports: PromotionPorts, request: PromotionRequest): Promise<number> {
  const { place, candidate, promotion, words } = request
  if (candidate.commit === undefined) throw unknownCommit(candidate)
  const opened = await ports.deployments.open({
    environment: place.ring.environment,
    commit: candidate.commit,
    task: 'deploy',
    description: `${candidate.name} of ${place.solution.name}`,
    payload: deploymentPayload({
      promotion,
      solution: place.solution.name,
      ring: place.ring.name,
      version: candidate.version,
      digest: candidate.digest,
      task: 'deploy',
      requestedBy: ports.run.actor,
      parameters: {},
    }),
    production: isLast(place),
    repeated: ports.run.attempt > 1,
  })
  if (opened.statuses.length > 0) return opened.id
  await ports.deployments.report(opened.id, {
    state: 'queued',
    description: describeStatus({ state: 'queued', artifact: candidate.name, words }),
    logUrl: ports.run.url,
  })
  return opened.id
}

/** The last ring of a solution is its production. */
function isLast({ solution, ring }: Place): boolean {
  return solution.rings.every(other => other.after !== ring.name)
}

function unknownCommit(candidate: Candidate): RingwayError {
  return new RingwayError({
    code: 'unknown_version',
    message: `No version of the solution is ${candidate.digest}, so nothing says which commit it was built from.`,
    remedy: 'Name a version such as v42.',
  })
}
