import type { Assignment } from '../../domain/run-protocol.ts'
import type { ControlPlane } from '../../ports/control-plane.ts'
import type { DeployPorts } from '../deploy-ports.ts'

/**
 * How far the target is from what ran before. `touched`: it was asked for something. `handed_over`: the App may have been told that the
 * version is active, and until it has answered nobody here knows what the ring points to.
 */
export type Reach = 'untouched' | 'touched' | 'handed_over'

/** What the post step must know of a run that was cancelled or killed. */
export interface RunMemory {
  readonly assignment: Assignment
  readonly reach: Reach
}

/** Everything that carrying out the App's work asks of the outside. */
export interface AssignmentPorts
  extends Pick<
    DeployPorts,
    | 'run'
    | 'isCancelled'
    | 'clock'
    | 'journal'
    | 'work'
    | 'repository'
    | 'artifacts'
    | 'target'
    | 'checkRunner'
    | 'ringFilePath'
    | 'readRingFile'
  > {
  readonly control: ControlPlane
  /** Keeps for the post step what it needs should this run end now; undefined: there is nothing left to do. */
  readonly remember: (memory: RunMemory | undefined) => void
}
