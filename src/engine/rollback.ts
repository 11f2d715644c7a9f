import { isFinal } from '../domain/deployment.ts'
import { activeDeployment, type DeploymentRecord, rollbackTarget } from '../domain/deployment-history.ts'
import type { CheckResult, RunResult } from '../domain/result.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import { planRollback, type RollbackPlan } from '../domain/rollback.ts'
import { artifactName } from '../domain/version.ts'
import { claimDeployment } from './claim-deployment.ts'
import type { DeployPorts } from './deploy-ports.ts'
import { type Journey, takeUp } from './deployment-journey.ts'
import { endAbandoned } from './end-abandoned.ts'
import { endBadly } from './end-badly.ts'
import { fetchPlacement } from './fetch-placement.ts'
import { type Candidate, findCandidate } from './find-candidate.ts'
import { findPlace, type Place } from './find-place.ts'
import { readOrganisationLayer } from './read-organisation.ts'
import { readRings } from './read-rings.ts'
import { readRingHistory } from './ring-history.ts'
import { validate } from './validate.ts'

/** What to roll back, and to what. */
export interface RollbackRequest {
  readonly environment: string
  /** The version to restore; absent: the one that was active and healthy before. */
  readonly artifact: string | undefined
  readonly deployment: number | undefined
  readonly promotion: string | undefined
  readonly reason: string | undefined
  readonly dryRun: boolean
}

interface Restoring {
  readonly place: Place
  readonly bad: DeploymentRecord
  readonly candidate: Candidate
}

/**
 * Restores the version that was active and healthy before, as a new deployment that becomes active in the same step in which the bad one
 * ends. No gate is asked: nothing blocks a rollback.
 *
 * @throws {RingwayError} `no_rollback_target`
 */
export async function rollback(ports: DeployPorts, request: RollbackRequest): Promise<RunResult> {
  const place = findPlace(await readRings(ports), request.environment)
  const history = await readRingHistory(ports, {
    solution: place.solution.name,
    environment: place.ring.environment,
    enough: read => {
      const active = activeDeployment(read)
      return request.artifact === undefined && active !== undefined && rollbackTarget(read, active) !== undefined
    },
  })
  const named =
    request.artifact === undefined
      ? undefined
      : await findCandidate(ports.versions, place.solution.name, request.artifact)
  const done = history.find(record => record.state === 'active' && isOfThisRun(ports, request, record))
  if (done !== undefined) return await completeEarlier(ports, { place, history, done })
  const plan = planRollback({ ring: place.ring.name, history, to: named })
  if (plan.kind === 'refused') return refuse(place, plan)
  const { bad, target } = plan
  const candidate: Candidate = {
    version: target.version,
    digest: target.digest,
    commit: target.commit,
    name: artifactName(target),
  }
  const work = { place, bad, candidate }
  if (request.dryRun) return describe(work, undefined, 'dry_run')

  const { recorded, record } = await claimDeployment(ports, { ...request, place, candidate, task: 'rollback' })
  const journey = takeUp(ports.deployments, {
    deployment: recorded.id,
    artifact: candidate.name,
    state: record?.state ?? 'queued',
    url: record?.url,
    runUrl: ports.run.url,
  })
  if (record !== undefined && isFinal(record.state)) return describe(work, journey, 'already_done')
  ports.claimed(recorded.id)
  if (record === undefined) await journey.say({ reason: 'rollback', words: `asked for by @${ports.run.actor}` })
  await endAbandoned(ports, { place, history, journey })
  return await restore(ports, { ...work, journey, history, reason: request.reason })
}

/** A further attempt of a rollback that was started by hand has another Deployment, and must not go back by one version more. */
function isOfThisRun(
  { run }: Pick<DeployPorts, 'run'>,
  { deployment }: Pick<RollbackRequest, 'deployment'>,
  record: DeploymentRecord,
): boolean {
  return record.id === deployment || (record.task === 'rollback' && record.runId === run.id)
}

async function restore(
  ports: DeployPorts,
  work: Restoring & { journey: Journey; history: readonly DeploymentRecord[]; reason: string | undefined },
): Promise<RunResult> {
  const { place, bad, candidate, journey } = work
  const checks: CheckResult[] = []
  const badJourney = takeUp(ports.deployments, {
    deployment: bad.id,
    artifact: artifactName(bad),
    state: bad.state,
    url: bad.url,
    runUrl: ports.run.url,
  })
  const why = `by @${ports.run.actor} to ${candidate.name}${work.reason === undefined ? '' : `: ${work.reason}`}`
  try {
    if (badJourney.state === 'active') {
      await badJourney.advance({ event: 'rollback_ordered', reason: 'rolled_back_by_person', words: why })
    }
    await journey.reach('building', {
      event: 'slot_taken',
      reason: 'rollback',
      words: `fetching ${candidate.digest.slice(0, 19)}…`,
    })
    const placement = await fetchPlacement(ports, {
      solution: place.solution.name,
      ring: place.ring,
      deployment: journey.deployment,
      version: candidate.version,
      digest: candidate.digest,
      previous: bad,
      organisation: await readOrganisationLayer(ports),
    })
    await journey.reach('deploying', {
      event: 'packaged',
      reason: 'rollback',
      words: `in place of ${artifactName(bad)}`,
    })
    const restored = await ports.target.restore(place.ring.deploy, placement)
    if (restored.kind === 'failed') throw restoreFailed(restored.words, restored.evidence)
    journey.answersAt(place.ring.url ?? restored.url)
    await journey.reach('validating', { event: 'placed', reason: 'rollback', words: 'health checks only' })
    const health = { checks: place.ring.checks.filter(check => check.kind === 'http') }
    await validate(ports, { ring: health, placement, url: restored.url, checks })
    await journey.advance({ event: 'validated', reason: 'rollback', words: `in place of ${artifactName(bad)}` })
    // What was read before this run began does not know yet that the bad one is rolling back.
    const history = work.history.map(record => (record.id === bad.id ? { ...record, state: badJourney.state } : record))
    await endDisplaced(ports, { history, journey })
    return { ...describe(work, journey, 'ok'), checks }
  } catch (error) {
    if (ports.isCancelled() || !(error instanceof RingwayError)) throw error
    await endBadly(journey, { reason: error.code, words: error.message, kind: error.kind }, async () => ({
      ok: true,
      words: `the ring still points to ${artifactName(bad)}`,
    }))
    if (badJourney.state === 'rolling_back') await badJourney.say({ reason: 'restore_failed', words: error.message })
    return {
      ...describe(work, journey, error.code),
      decision: error.kind === 'errored' ? 'errored' : 'failed',
      message: `${candidate.name} could not be restored in ${place.ring.name}: ${error.message}`,
      remedy: `${error.remedy} Then roll back again, to ${candidate.name} or to an earlier version.`,
      checks,
    }
  }
}

/** The pointer has moved: what it pointed to before is rolled back, and whatever else is still called active is not. */
async function endDisplaced(
  ports: Pick<DeployPorts, 'deployments' | 'run'>,
  ring: { readonly history: readonly DeploymentRecord[]; readonly journey: Journey },
): Promise<void> {
  for (const record of ring.history) {
    if (record.activatedAt === undefined || (record.state !== 'active' && record.state !== 'rolling_back')) continue
    if (record.id === ring.journey.deployment) continue
    const ended = takeUp(ports.deployments, {
      deployment: record.id,
      artifact: artifactName(record),
      state: record.state,
      url: record.url,
      runUrl: ports.run.url,
    })
    const words = `${ring.journey.artifact} is active again`
    const step = { reason: 'rolled_back_by_person', words } as const
    if (ended.state === 'active') await ended.advance({ event: 'rollback_ordered', ...step })
    await ended.advance({ event: 'restored', ...step })
  }
}

/** A re-run of a rollback that moved the pointer: only the end of what it displaced may be missing. */
async function completeEarlier(
  ports: DeployPorts,
  ring: { readonly place: Place; readonly history: readonly DeploymentRecord[]; readonly done: DeploymentRecord },
): Promise<RunResult> {
  const { place, history, done } = ring
  const journey = takeUp(ports.deployments, {
    deployment: done.id,
    artifact: artifactName(done),
    state: done.state,
    url: done.url,
    runUrl: ports.run.url,
  })
  await endDisplaced(ports, { history, journey })
  return {
    schema_version: 1,
    command: 'rollback',
    decision: 'nothing',
    reason_code: 'already_done',
    message: `${place.ring.name} went back to ${artifactName(done)} before.`,
    solution: place.solution.name,
    ring: place.ring.name,
    environment: place.ring.environment,
    version: artifactName(done),
    digest: done.digest,
    deployment_id: done.id,
    state: done.state,
    url: done.url,
  }
}

function refuse({ solution, ring }: Place, plan: Extract<RollbackPlan, { kind: 'refused' }>): RunResult {
  return {
    schema_version: 1,
    command: 'rollback',
    decision: plan.reason === 'already_active' ? 'nothing' : 'refused',
    reason_code: plan.reason,
    message: plan.message,
    remedy: plan.remedy,
    solution: solution.name,
    ring: ring.name,
    environment: ring.environment,
  }
}

function describe(work: Restoring, journey: Journey | undefined, reason: RunResult['reason_code']): RunResult {
  const { place, bad, candidate } = work
  const done = journey?.state === 'active'
  return {
    schema_version: 1,
    command: 'rollback',
    decision: reason === 'ok' ? 'done' : done || reason === 'dry_run' ? 'nothing' : 'refused',
    reason_code: reason,
    message:
      journey === undefined
        ? `${place.ring.name} would go back from ${artifactName(bad)} to ${candidate.name}.`
        : `${place.ring.name} ${done ? 'went' : 'did not go'} back from ${artifactName(bad)} to ${candidate.name}.`,
    solution: place.solution.name,
    ring: place.ring.name,
    environment: place.ring.environment,
    version: candidate.version === undefined ? undefined : candidate.name,
    digest: candidate.digest,
    previous_version: artifactName(bad),
    deployment_id: journey?.deployment,
    state: journey?.state,
    url: journey?.url,
  }
}

/** The target did not bring back a version. */
export function restoreFailed(words: string, evidence: string): RingwayError {
  return new RingwayError({
    code: 'restore_failed',
    message: words,
    remedy: evidence === '' ? 'Look at the log of the step.' : `The last lines say why:\n${evidence}`,
  })
}
