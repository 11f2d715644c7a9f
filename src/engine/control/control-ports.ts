import type { Person } from '../../domain/promotion.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
import type { DurationMs } from '../../domain/units.ts'
import type { Artifacts } from '../../ports/artifacts.ts'
import type { CheckRunBoard } from '../../ports/check-run-board.ts'
import type { CommitChecks } from '../../ports/commit-checks.ts'
import type { CommitReach } from '../../ports/commit-reach.ts'
import type { CommitStatuses } from '../../ports/commit-statuses.ts'
import type { ControlStore } from '../../ports/control-store.ts'
import type { Conversation } from '../../ports/conversation.ts'
import type { Deployments } from '../../ports/deployments.ts'
import type { EnvironmentInventory } from '../../ports/environment-inventory.ts'
import type { Environments } from '../../ports/environments.ts'
import type { Leases } from '../../ports/leases.ts'
import type { People } from '../../ports/people.ts'
import type { ProtectionRules } from '../../ports/protection-rules.ts'
import type { PullRequests } from '../../ports/pull-requests.ts'
import type { Repository } from '../../ports/repository.ts'
import type { RunRecords } from '../../ports/run-records.ts'
import type { VersionTags } from '../../ports/version-tags.ts'
import type { WorkflowRuns } from '../../ports/workflow-runs.ts'
import type { OrganisationReading, RingFileReading } from '../deploy-ports.ts'

/** Everything that the App's use cases ask of the outside. */
export interface ControlPorts {
  readonly store: ControlStore
  readonly leases: Leases
  /** GitHub as the App's installation sees one repository: each of its files is read now, and once. */
  readonly github: (key: RepositoryKey) => Promise<RepositoryOnGithub>
  /**
   * The one that was opened last, if that was seconds ago, with the files that were read of it. For showing, for what follows from a decision, and for
   * finding that a promotion goes on waiting; nothing is let in or turned away by it.
   */
  readonly remembered: (key: RepositoryKey) => Promise<RememberedRepository>
  /** Has it opened anew by whoever asks next: its files have changed. */
  readonly forget: (key: RepositoryKey) => void
  /** Where the ring file stands in a repository. */
  readonly ringFilePath: string
  readonly readRingFile: (text: string, path: string) => Promise<RingFileReading>
  readonly readOrganisationFile: (text: string, path: string) => Promise<OrganisationReading>
  /** The App itself, by its id: who did what nobody asked for. */
  readonly self: Person
  /** A new id: short, unique, safe in URLs and file names. */
  readonly newId: () => string
  /** Lower-case hexadecimal SHA-256. */
  readonly sha256: (text: string) => string
}

/** A repository with the time since it was opened: no file that was read of it is older. */
export interface RememberedRepository {
  readonly github: RepositoryOnGithub
  readonly age: DurationMs
}

/** One repository on GitHub, asked with the installation's token within its budget. */
export interface RepositoryOnGithub {
  readonly repository: Repository
  readonly deployments: Deployments
  readonly environments: Environments
  readonly inventory: EnvironmentInventory
  readonly versions: VersionTags
  readonly checks: CommitChecks
  readonly reach: CommitReach
  readonly statuses: CommitStatuses
  readonly board: CheckRunBoard
  readonly conversation: Conversation
  readonly people: People
  readonly pullRequests: PullRequests
  readonly rules: ProtectionRules
  readonly runs: WorkflowRuns
  readonly runRecords: RunRecords
  /** Where people read a run's log. */
  readonly runUrl: (run: number) => string
  /** The artifact store, where the operator gave the App credentials for it. */
  readonly artifacts: Artifacts | undefined
}
