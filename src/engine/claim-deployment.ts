import { isFinal } from '../domain/deployment.ts'
import type { DeploymentRecord } from '../domain/deployment-history.ts'
import { decodeDeploymentPayload, deploymentPayload } from '../domain/deployment-payload.ts'
import type { ReasonCode } from '../domain/reason-code.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { RecordedDeployment } from '../ports/deployments.ts'
import type { DeployPorts } from './deploy-ports.ts'
import type { Candidate } from './find-candidate.ts'
import type { Place } from './find-place.ts'
import { isBot, readRecord, runIdOf } from './ring-history.ts'

/** What this run was dispatched with. */
export interface ClaimRequest {
  readonly place: Place
  readonly candidate: Candidate
  readonly task: 'deploy' | 'rollback'
  /** The id of the Deployment that the dispatcher opened. */
  readonly deployment: number | undefined
  readonly promotion: string | undefined
}

/** The GitHub Deployment that is the record of this run, and where it stands. */
export interface Claim {
  readonly recorded: RecordedDeployment
  readonly record: DeploymentRecord | undefined
}

/** Failures that say nothing about the version: a re-run of the job may try again. */
const mayTryAgain: readonly ReasonCode[] = [
  'cancelled',
  'run_vanished',
  'deploy_command_failed',
  'store_unreachable',
  'github_unreachable',
  'artifact_not_found',
  'internal_error',
]

/**
 * Finds the one GitHub Deployment that is the record of this run: the one that the dispatcher opened, else the one that GitHub opened
 * for the job, else a new one. A deployment that ended and may be tried again gets a further record: failed attempts are history.
 *
 * @throws {RingwayError} `deployment_mismatch` when the named one is not for this environment, task and artifact
 */
export async function claimDeployment(ports: DeployPorts, request: ClaimRequest): Promise<Claim> {
  const recorded =
    request.deployment === undefined
      ? await findJobsOwn(ports, request.place.ring.environment)
      : await readNamed(ports, request, request.deployment)
  if (recorded === undefined) return { recorded: await openOwn(ports, request, 1), record: undefined }
  const record = await readRecord(ports.versions, request.place.solution.name, recorded)
  if (record === undefined || !isFinal(record.state)) return { recorded, record }
  return mayBeTriedAgain(record)
    ? { recorded: await openOwn(ports, request, ports.run.attempt), record: undefined }
    : { recorded, record }
}

function mayBeTriedAgain({ state, reason, activatedAt }: DeploymentRecord): boolean {
  if (reason === undefined || activatedAt !== undefined) return false
  if (state === 'failed') return mayTryAgain.includes(reason)
  // A job that was lost while the version was being validated says nothing of the version either.
  return state === 'rolled_back' && (reason === 'cancelled' || reason === 'run_vanished')
}

async function readNamed(ports: DeployPorts, request: ClaimRequest, id: number): Promise<RecordedDeployment> {
  const recorded = await ports.deployments.read(id)
  const { candidate, place } = request
  if (recorded === undefined) throw mismatch(id, 'does not exist')
  if (recorded.environment !== place.ring.environment) throw mismatch(id, `is one of ${recorded.environment}`)
  if (!isBot(recorded.creator))
    throw mismatch(id, `was opened by @${recorded.creator?.login ?? 'nobody'}, who is no App`)
  const payload = decodeDeploymentPayload(recorded.payload)
  if (payload === undefined) throw mismatch(id, 'has no payload of Ringway')
  if (payload.digest !== candidate.digest) throw mismatch(id, `is for ${payload.digest}`)
  if (payload.solution !== place.solution.name || payload.ring !== place.ring.name) {
    throw mismatch(id, `is for ${payload.solution}/${payload.ring}`)
  }
  if (payload.task !== request.task) throw mismatch(id, `is a ${payload.task}`)
  return recorded
}

/** GitHub opens a Deployment for a job that names an environment; its statuses link to the run. */
async function findJobsOwn(ports: DeployPorts, environment: string): Promise<RecordedDeployment | undefined> {
  let looked = 0
  for await (const recorded of ports.deployments.list({ environments: [environment] })) {
    if (runIdOf(recorded.statuses) === ports.run.id && decodeDeploymentPayload(recorded.payload) === undefined)
      return recorded
    looked += 1
    if (looked === 10) return undefined
  }
  return undefined
}

async function openOwn(ports: DeployPorts, request: ClaimRequest, attempt: number): Promise<RecordedDeployment> {
  const { candidate, place, task } = request
  const promotion = request.promotion ?? `run-${ports.run.id}`
  return await ports.deployments.open({
    environment: place.ring.environment,
    commit: candidate.commit ?? ports.run.commit,
    task,
    description: `${candidate.name} of ${place.solution.name}`,
    payload: deploymentPayload({
      promotion: attempt === 1 ? promotion : `${promotion}.${attempt}`,
      solution: place.solution.name,
      ring: place.ring.name,
      version: candidate.version,
      digest: candidate.digest,
      task,
      requestedBy: ports.run.actor,
      parameters: {},
    }),
    production: false,
  })
}

function mismatch(id: number, why: string): RingwayError {
  return new RingwayError({
    code: 'deployment_mismatch',
    message: `Deployment ${id} ${why}, and this run is for something else.`,
    remedy: 'Leave `deployment` empty when you start a run by hand; it is filled in by whoever dispatches.',
    facts: { deployment: id },
  })
}
