import type { DeploymentState } from '../../domain/deployment.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { AssignmentPorts, RunMemory } from './assignment-ports.ts'
import { endAssignment } from './end-assignment.ts'
import { narrate } from './tell-app.ts'

/**
 * Ends a deployment whose run was cancelled or killed: tells the App, and puts back what it displaced. Without the App it puts back as long
 * as that cannot be wrong.
 *
 * @returns the state it ended in, as the App says it
 * @throws {RingwayError} `app_unreachable`, with what was done all the same
 */
export async function finishAssignment(
  ports: Omit<AssignmentPorts, 'remember'>,
  { assignment, reach }: RunMemory,
): Promise<DeploymentState> {
  const narration = narrate(ports, assignment)
  const left = await endAssignment(
    ports,
    { assignment, narration, checks: [], reach, url: undefined },
    new RingwayError({
      code: 'cancelled',
      message: 'the job was cancelled or ended early',
      remedy: 'Re-run it, or start a new run, when it should go on.',
    }),
  )
  if (left === undefined) return narration.state
  throw new RingwayError({
    code: 'app_unreachable',
    kind: 'errored',
    message: left,
    remedy: 'Look at the deployment in the App once it answers again.',
  })
}
