import type { RunResult } from '../../domain/result.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { DeployPorts } from '../deploy-ports.ts'
import { type RollbackRequest, rollback } from '../rollback.ts'
import type { AssignmentPorts } from './assignment-ports.ts'
import { carryOutAssignment } from './carry-out-assignment.ts'

/**
 * Rolls back as the App decides; and when it cannot be asked, as GitHub's record alone says. A rollback always works: whatever broke the
 * ring may have broken the App as well.
 */
export async function rollbackThroughApp(
  ports: AssignmentPorts & DeployPorts,
  request: RollbackRequest,
): Promise<RunResult> {
  // What would happen can be read from GitHub, and asking for work would be a beginning.
  if (request.dryRun) return await rollback(ports, request)
  const { environment, promotion, artifact, reason } = request
  try {
    return await carryOutAssignment(ports, { command: 'rollback', environment, promotion, artifact, reason })
  } catch (error) {
    if (!(error instanceof RingwayError) || error.code !== 'app_unreachable' || ports.isCancelled()) throw error
    ports.journal.say(`${error.message} The rollback goes on through GitHub alone.`)
    // From here on the post step ends what GitHub shows.
    ports.remember(undefined)
    const result = await rollback(ports, request)
    return {
      ...result,
      message: `${result.message} The App could not be asked, so this was done through GitHub alone.`,
    }
  }
}
