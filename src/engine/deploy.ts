import { isFinal } from '../domain/deployment.ts'
import { activeDeployment, type DeploymentRecord, overtakenBy } from '../domain/deployment-history.ts'
import type { GateVerdict } from '../domain/gates/gate-verdict.ts'
import type { CheckResult, RunResult } from '../domain/result.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import { artifactName } from '../domain/version.ts'
import { asRingwayError } from './as-ringway-error.ts'
import { claimDeployment } from './claim-deployment.ts'
import { PointerMovedError } from './confirm-pointer.ts'
import type { DeployPorts } from './deploy-ports.ts'
import { type Journey, takeUp } from './deployment-journey.ts'
import { describeChange } from './describe-change.ts'
import { endAbandoned } from './end-abandoned.ts'
import { endBadly } from './end-badly.ts'
import { findCandidate } from './find-candidate.ts'
import { findPlace } from './find-place.ts'
import { baselineName, type Placing, placeAndValidate } from './place-and-validate.ts'
import { promoteOnward } from './promote-onward.ts'
import { putBack } from './put-back.ts'
import { askGates } from './read-facts.ts'
import { readOnce } from './read-once.ts'
import { readOrganisationLayer } from './read-organisation.ts'
import { readRings } from './read-rings.ts'
import { Refusal } from './refusal.ts'
import { knowsThePointer, readRingHistory } from './ring-history.ts'
import { supersede } from './supersede.ts'

/** What this run was asked to place. */
export interface DeployRequest {
  readonly environment: string
  /** A version or a digest; absent: the newest version. */
  readonly artifact: string | undefined
  readonly deployment: number | undefined
  readonly promotion: string | undefined
  readonly dryRun: boolean
}

/** A decision under way. */
interface Deciding extends Placing {
  /** The ports as this decision reads through them: each Deployment once. */
  readonly deciding: DeployPorts
}

/**
 * Places a version in a ring: finds the record, asks the gates, fetches, places, validates, activates. What cannot become active is ended
 * and what it displaced is put back, in the same run.
 *
 * @throws {RingwayError} before a deployment is claimed; afterwards every end is a result
 */
export async function deploy(ports: DeployPorts, request: DeployRequest): Promise<RunResult> {
  const place = findPlace(await readRings(ports), request.environment)
  const candidate = await findCandidate(ports.versions, place.solution.name, request.artifact)
  const deciding = { ...ports, deployments: readOnce(ports.deployments) }
  const history = await readRingHistory(deciding, {
    solution: place.solution.name,
    environment: place.ring.environment,
    enough: knowsThePointer,
  })
  const placing = { deciding, place, candidate, history, baseline: activeDeployment(history) }
  if (request.dryRun) return await rehearse(ports, placing)

  const { recorded, record } = await claimDeployment(deciding, { ...request, place, candidate, task: 'deploy' })
  const journey = takeUp(deciding.deployments, {
    deployment: recorded.id,
    artifact: candidate.name,
    state: record?.state ?? 'queued',
    url: record?.url,
    runUrl: ports.run.url,
  })
  if (record !== undefined && (isFinal(record.state) || record.state === 'active')) {
    return await sayWhatIsDone(ports, { ...placing, journey, record })
  }
  ports.claimed(recorded.id)
  return await carryThrough(ports, { ...placing, journey, fresh: record === undefined, promotion: request.promotion })
}

async function carryThrough(
  ports: DeployPorts,
  work: Deciding & { readonly journey: Journey; readonly fresh: boolean; readonly promotion: string | undefined },
): Promise<RunResult> {
  const { place, candidate, baseline, journey } = work
  const checks: CheckResult[] = []
  let gates: readonly GateVerdict[] = []
  let changes: readonly string[] = []
  try {
    if (work.fresh) await journey.say({ words: `asked for by @${ports.run.actor}` })
    await endAbandoned(work.deciding, { place, history: work.history, journey })
    if (journey.state === 'rolling_back') throw interrupted()
    const newer = overtakenBy(work.history, work.promotion)
    if (newer !== undefined) throw overtaken(work, newer)
    gates = await passGates(work)
    changes = await whatShips(ports, work)
    await placeAndValidate(ports, { ...work, checks })
    await supersede(ports, { history: work.history, journey })
    const dispatched = await promoteOnward(ports, { place, candidate })
    return {
      ...describe(work),
      decision: 'done',
      reason_code: 'ok',
      message: `${candidate.name} of ${place.solution.name} is active in ${place.ring.name}.`,
      changes,
      gates,
      checks,
      dispatched,
    }
  } catch (error) {
    if (ports.isCancelled()) throw error
    const failure = asRingwayError(error)
    const words = failure.message
    const organisation = await readOrganisationLayer(ports).catch(() => ({}))
    await endBadly(journey, { reason: failure.code, words, kind: failure.kind }, () =>
      putBack(ports, {
        solution: place.solution.name,
        ring: place.ring,
        deployment: journey.deployment,
        failed: candidate,
        // What has to run is what the ring points to, and that may be another one by now.
        baseline: failure instanceof PointerMovedError ? failure.holder : baseline,
        organisation,
      }),
    )
    return {
      ...describe(work),
      decision: decisionOf(failure),
      reason_code: failure.code,
      message: failure.message,
      remedy: failure.remedy,
      changes,
      gates: failure instanceof Refusal ? failure.gates : gates,
      checks,
    }
  }
}

function decisionOf(failure: RingwayError): RunResult['decision'] {
  if (failure.code === 'superseded_by_newer') return 'nothing'
  if (failure instanceof Refusal) return 'refused'
  return failure.kind === 'errored' ? 'errored' : 'failed'
}

async function whatShips(ports: DeployPorts, { place, candidate, baseline }: Deciding): Promise<readonly string[]> {
  const changes = await describeChange(ports.artifacts, {
    ring: place.ring.name,
    from: baseline?.digest,
    to: candidate.digest,
    organisation: await readOrganisationLayer(ports),
  })
  for (const line of changes) ports.journal.say(line)
  return changes
}

async function passGates(work: Deciding): Promise<readonly GateVerdict[]> {
  const { decision, verdicts } = await askGates(work.deciding, work)
  if (decision === 'pass') return verdicts
  throw new Refusal(verdicts)
}

/** Decides and says, and changes nothing. */
async function rehearse(ports: DeployPorts, work: Deciding): Promise<RunResult> {
  const { decision, verdicts } = await askGates(work.deciding, work)
  const would = decision === 'pass' ? 'would enter' : 'would not enter'
  return {
    ...describe({ ...work, journey: undefined }),
    decision: decision === 'pass' ? 'nothing' : 'refused',
    reason_code: 'dry_run',
    message: `${work.candidate.name} ${would} ${work.place.ring.name} now, over ${baselineName(work.baseline)}.`,
    changes: await whatShips(ports, work),
    gates: verdicts,
  }
}

/** A re-run of what has ended: nothing is done twice, and what an earlier run left between two writes is written. */
async function sayWhatIsDone(
  ports: DeployPorts,
  work: Deciding & { readonly journey: Journey; readonly record: DeploymentRecord },
): Promise<RunResult> {
  const { record, journey, place } = work
  const live = record.state === 'active'
  if (live) await supersede(ports, { history: work.history, journey })
  const dispatched = live ? await promoteOnward(ports, work) : []
  return {
    ...describe(work),
    dispatched,
    decision: live ? 'nothing' : 'refused',
    reason_code: live ? 'already_done' : (record.reason ?? 'already_done'),
    message: `This deployment of ${work.candidate.name} to ${place.ring.name} ended before: ${record.state}${record.words === '' ? '' : `, ${record.words}`}.`,
    remedy: live ? undefined : 'Start a new run of the workflow to deploy it again.',
  }
}

function describe(
  work: Deciding & { readonly journey: Journey | undefined },
): Pick<RunResult, 'schema_version' | 'command'> & Partial<RunResult> {
  const { place, candidate, baseline, journey } = work
  return {
    schema_version: 1,
    command: 'deploy',
    solution: place.solution.name,
    ring: place.ring.name,
    environment: place.ring.environment,
    version: candidate.version === undefined ? undefined : candidate.name,
    digest: candidate.digest,
    previous_version: baseline === undefined ? undefined : artifactName(baseline),
    deployment_id: journey?.deployment,
    state: journey?.state,
    url: journey?.url,
  }
}

function overtaken({ place, candidate }: Deciding, newer: DeploymentRecord): RingwayError {
  return new RingwayError({
    code: 'superseded_by_newer',
    message: `${artifactName(newer)} was asked for after ${candidate.name} and has been active in ${place.ring.name}.`,
    remedy: `To place ${candidate.name} all the same, start a run of the workflow by hand.`,
  })
}

function interrupted(): RingwayError {
  return new RingwayError({
    code: 'run_vanished',
    message: 'an earlier run was interrupted while it put things back',
    remedy: 'Deploy again once this has ended.',
  })
}
