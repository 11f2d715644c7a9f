import { isFinal } from '../../domain/deployment.ts'
import type { RunResult } from '../../domain/result.ts'
import type { RingwayError } from '../../domain/ringway-error.ts'
import type { Assignment, RunClaim } from '../../domain/run-protocol.ts'
import { artifactName } from '../../domain/version.ts'
import { asRingwayError } from '../as-ringway-error.ts'
import { describeChange } from '../describe-change.ts'
import type { AssignmentPorts } from './assignment-ports.ts'
import { bringBack } from './bring-back.ts'
import { endAssignment } from './end-assignment.ts'
import { findAssignedPlace } from './find-assigned-place.ts'
import { narrate, Stopped } from './tell-app.ts'
import { type Walk, walkToActive } from './walk-to-active.ts'

/**
 * Carries out the work that the App has for this run: places, checks, activates, and tells each step. What cannot become active is put back
 * and told as well. The App judges, moves the pointer and writes every state.
 *
 * @throws {RingwayError} `app_unreachable` when the App cannot be asked for work, or is lost under way of a rollback; `unauthenticated`
 */
export async function carryOutAssignment(ports: AssignmentPorts, claim: RunClaim): Promise<RunResult> {
  let assignment: Assignment
  try {
    assignment = await ports.control.claim(claim)
  } catch (error) {
    const refusal = asRingwayError(error)
    if (refusal.kind === 'errored' || ports.isCancelled()) throw error
    return refused(claim, refusal)
  }
  if (isFinal(assignment.state) || assignment.state === 'active') return sayEnded(claim, assignment)
  ports.remember({ assignment, reach: 'untouched' })
  const walk: Walk = {
    assignment,
    narration: narrate(ports, assignment),
    checks: [],
    reach: 'untouched',
    url: undefined,
  }
  const result =
    assignment.task === 'remove' || assignment.state === 'rolling_back'
      ? await takeAway(ports, claim, walk)
      : await carryThrough(ports, claim, walk)
  ports.remember(undefined)
  return result
}

async function carryThrough(ports: AssignmentPorts, claim: RunClaim, walk: Walk): Promise<RunResult> {
  const { assignment } = walk
  let changes: readonly string[] = []
  try {
    const place = await findAssignedPlace(ports, assignment)
    changes = await whatShips(ports, assignment)
    await walkToActive(ports, walk, place.ring)
    return { ...describe(claim, walk), decision: 'done', reason_code: 'ok', message: arrival(walk), changes }
  } catch (error) {
    if (ports.isCancelled()) throw error
    const failure = asRingwayError(error)
    // Whoever rolls back goes on without the App then.
    if (failure.code === 'app_unreachable' && claim.command === 'rollback') throw failure
    const lost = await endAssignment(ports, walk, failure)
    return {
      ...describe(claim, walk),
      // Where it stands is the App's to say.
      ...(lost === undefined ? {} : { state: undefined }),
      decision: decisionOf(failure),
      reason_code: failure.code,
      message: lost === undefined ? failure.message : `${failure.message} ${lost}`,
      remedy: failure.remedy,
      changes,
    }
  }
}

/** A version that nothing ran before, or what an earlier run of this deployment left half done. */
async function takeAway(ports: AssignmentPorts, claim: RunClaim, walk: Walk): Promise<RunResult> {
  const { assignment, narration } = walk
  const back = await bringBack(ports, assignment, undefined)
  await narration.tell({ event: 'put_back', words: back.words, ok: back.ok })
  const wanted = assignment.task === 'remove'
  return {
    ...describe(claim, walk),
    decision: wanted && back.ok ? 'done' : 'failed',
    reason_code: !back.ok ? 'restore_failed' : wanted ? 'ok' : (assignment.reason ?? 'run_vanished'),
    message: wanted ? `${back.words}.` : `An earlier run of this deployment was interrupted; ${back.words}.`,
    remedy: back.ok ? undefined : 'Look at the log of the step, then re-run the job.',
  }
}

async function whatShips(ports: AssignmentPorts, assignment: Assignment): Promise<readonly string[]> {
  const { ring, previous, digest, organisation } = assignment
  const changes = await describeChange(ports.artifacts, { ring, from: previous?.digest, to: digest, organisation })
  for (const line of changes) ports.journal.say(line)
  return changes
}

function decisionOf(failure: RingwayError): RunResult['decision'] {
  if (failure.code === 'superseded_by_newer') return 'nothing'
  if (failure instanceof Stopped) return 'refused'
  return failure.kind === 'errored' ? 'errored' : 'failed'
}

function arrival({ assignment, narration }: Walk): string {
  const { task, solution, ring, previous } = assignment
  const name = artifactName(assignment)
  if (task === 'place') return `${name} of ${solution} is ${narration.state} in ${ring}.`
  return `${ring} went back ${previous === undefined ? '' : `from ${artifactName(previous)} `}to ${name}.`
}

/** A run that is started again when all is over changes nothing. */
function sayEnded(claim: RunClaim, assignment: Assignment): RunResult {
  const { state, ring, reason, words } = assignment
  const isLive = state === 'active'
  return {
    ...known(claim, assignment),
    state,
    decision: isLive ? 'nothing' : 'refused',
    reason_code: isLive ? 'already_done' : (reason ?? 'already_done'),
    message: `This deployment of ${artifactName(assignment)} to ${ring} ended before: ${state}${words === undefined ? '' : `, ${words}`}.`,
    remedy: isLive ? undefined : 'Promote it again to deploy it again.',
  }
}

function refused({ command, environment }: RunClaim, refusal: RingwayError): RunResult {
  return {
    schema_version: 1,
    command,
    decision: 'refused',
    reason_code: refusal.code,
    message: refusal.message,
    remedy: refusal.remedy,
    environment: environment === '' ? undefined : environment,
  }
}

function describe(claim: RunClaim, walk: Walk): ReturnType<typeof known> & Partial<RunResult> {
  const { assignment, narration, url, checks } = walk
  return { ...known(claim, assignment), state: narration.state, url, checks }
}

function known(
  { command }: RunClaim,
  assignment: Assignment,
): Pick<RunResult, 'schema_version' | 'command'> & Partial<RunResult> {
  const { previous } = assignment
  return {
    schema_version: 1,
    command,
    solution: assignment.solution,
    ring: assignment.ring,
    environment: assignment.environment,
    version: assignment.version === undefined ? undefined : artifactName(assignment),
    digest: assignment.digest,
    previous_version: previous === undefined ? undefined : artifactName(previous),
    deployment_id: assignment.githubDeployment,
  }
}
