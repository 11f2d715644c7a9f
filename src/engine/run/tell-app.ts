import type { DeploymentState } from '../../domain/deployment.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { Assignment, RunReport, RunVerdict } from '../../domain/run-protocol.ts'
import type { AssignmentPorts } from './assignment-ports.ts'

/** The App does not let the run go on towards active. */
export class Stopped extends RingwayError {
  readonly verdict: RunVerdict

  constructor(verdict: RunVerdict) {
    super({
      code: verdict.reason,
      message: verdict.words,
      remedy: 'The promotion in the App says why; ask for it again when it should still go in.',
    })
    this.verdict = verdict
  }
}

/** What a run tells, without the id of its deployment. */
export type Told = Omit<RunReport, 'deployment'>

/** The way of one deployment as its run tells it to the App, which alone writes where it stands. */
export interface Narration {
  /** Where the App says that the deployment stands. */
  readonly state: DeploymentState
  /** Tells what happened, and gives back what the App makes of it. */
  tell(report: Told): Promise<RunVerdict>
  /**
   * Tells what happened on the way to active.
   *
   * @throws {Stopped} unless the run is to go on, or has arrived
   */
  goOn(report: Told): Promise<void>
}

/** Begins to tell about a deployment. */
export function narrate(
  { control, journal }: Pick<AssignmentPorts, 'control' | 'journal'>,
  { deployment, ...assignment }: Assignment,
): Narration {
  let { state } = assignment
  const tell = async (report: Told): Promise<RunVerdict> => {
    journal.say(`${report.event.replaceAll('_', ' ')}: ${report.words}`)
    const verdict = await control.report({ deployment, ...report })
    state = verdict.state
    return verdict
  }
  return {
    get state() {
      return state
    },
    tell,
    async goOn(report) {
      const verdict = await tell(report)
      const arrived = report.event === 'activated' && verdict.state === 'active'
      if (verdict.verdict !== 'go_on' && !arrived) throw new Stopped(verdict)
    },
  }
}
