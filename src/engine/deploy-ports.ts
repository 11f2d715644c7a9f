import type { TextPlaces } from '../domain/compile/text-places.ts'
import type { ConfigLayer } from '../domain/configuration.ts'
import type { RingFile } from '../domain/solution.ts'
import type { Artifacts } from '../ports/artifacts.ts'
import type { CheckRunner } from '../ports/check-runner.ts'
import type { Clock } from '../ports/clock.ts'
import type { CommitChecks } from '../ports/commit-checks.ts'
import type { Deployments } from '../ports/deployments.ts'
import type { Environments } from '../ports/environments.ts'
import type { FileProblem, Journal } from '../ports/journal.ts'
import type { Repository } from '../ports/repository.ts'
import type { CurrentRun } from '../ports/run-surroundings.ts'
import type { TargetDriver } from '../ports/target.ts'
import type { VersionTags } from '../ports/version-tags.ts'
import type { WorkDirectory } from '../ports/work-directory.ts'
import type { WorkflowRuns } from '../ports/workflow-runs.ts'

/** What reading a ring file gave: its values, or every problem. */
export type RingFileReading =
  | { readonly ok: true; readonly ringFile: RingFile; readonly places: TextPlaces }
  | { readonly ok: false; readonly problems: readonly FileProblem[] }

/** What reading the organisation's file gave. */
export type OrganisationReading =
  | { readonly ok: true; readonly config: ConfigLayer }
  | { readonly ok: false; readonly problems: readonly FileProblem[] }

/** Everything that placing a version asks of the outside. */
export interface DeployPorts {
  readonly run: CurrentRun
  /** Told which Deployment this run carries before anything is written to it, so that the post step can end it. */
  readonly claimed: (deployment: number) => void
  /** Whether the job is being cancelled: then nothing is put back here, the post step has the time for it. */
  readonly isCancelled: () => boolean
  readonly clock: Clock
  readonly journal: Journal
  readonly work: WorkDirectory
  readonly repository: Repository
  readonly environments: Environments
  readonly deployments: Deployments
  readonly versions: VersionTags
  readonly checks: CommitChecks
  readonly runs: WorkflowRuns
  readonly artifacts: Artifacts
  readonly target: TargetDriver
  readonly checkRunner: CheckRunner
  /** Where the ring file stands in the repository. */
  readonly ringFilePath: string
  /** Reads the text of a ring file. */
  readonly readRingFile: (text: string, path: string) => Promise<RingFileReading>
  /** Reads the text of the organisation's file, which holds configuration only. */
  readonly readOrganisationFile: (text: string, path: string) => Promise<OrganisationReading>
}
