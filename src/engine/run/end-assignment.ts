import type { DeploymentState } from '../../domain/deployment.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { RunVerdict } from '../../domain/run-protocol.ts'
import type { AssignmentPorts } from './assignment-ports.ts'
import { bringBack } from './bring-back.ts'
import { Stopped } from './tell-app.ts'
import type { Walk } from './walk-to-active.ts'

/**
 * Brings a deployment that cannot become active to its end: tells why, puts back what it displaced, and tells that.
 *
 * @returns undefined; or, when the App could not be told, what is left to know for people
 */
export async function endAssignment(
  ports: Omit<AssignmentPorts, 'remember'>,
  walk: Walk,
  failure: RingwayError,
): Promise<string | undefined> {
  const { assignment, narration } = walk
  try {
    const { state, current } = await verdictOn(walk, failure)
    if (!isToPutBack(state, walk)) return undefined
    const moved = failure instanceof Stopped ? failure.verdict.current : undefined
    const back = await bringBack(ports, assignment, current ?? moved)
    walk.reach = 'untouched'
    await narration.tell({ event: 'put_back', words: back.words, ok: back.ok, reason: failure.code })
    return undefined
  } catch (error) {
    // What is left then is the post step's.
    if (!(error instanceof RingwayError) || ports.isCancelled()) throw error
    return await leaveSafe(ports, walk)
  }
}

async function verdictOn({ narration, checks }: Walk, failure: RingwayError): Promise<RunVerdict> {
  // It was asked for a minute and more.
  if (failure.code === 'app_unreachable') throw failure
  const { message: words, code: reason, kind } = failure
  return await narration.tell({ event: 'failed', words, reason, kind, checks })
}

/** What has ended for the App and was placed by this run all the same must not stay on the target. */
function isToPutBack(state: DeploymentState, { reach }: Walk): boolean {
  if (state === 'failed' || state === 'rolled_back') return reach !== 'untouched'
  return state !== 'active' && state !== 'superseded'
}

/**
 * The App cannot be told. As long as it has not been told that the version is active, the ring points to what it pointed to before, and
 * that is brought back. Afterwards nobody here knows; the App has let the version go ahead, and finds out that the run is over.
 */
async function leaveSafe(ports: Omit<AssignmentPorts, 'remember'>, { assignment, reach }: Walk): Promise<string> {
  if (reach === 'untouched') return 'The App was not told; it finds out when the run is over.'
  if (reach === 'touched') {
    const back = await bringBack(ports, assignment, undefined)
    return `The App was not told; ${back.words}.`
  }
  return 'The version has its traffic and passed its checks. Whether the App moved the pointer is not known; it sets right what is not.'
}
