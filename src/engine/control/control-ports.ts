import type { Person } from '../../domain/promotion.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
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
  /** GitHub as the App's installation sees one repository. */
  readonly github: (key: RepositoryKey) => Promise<RepositoryOnGithub>
  /**
   * The same, with the files that were read of it in the last seconds. For showing and for what follows from a decision; nothing is
   * decided by it.
   */
  readonly remembered: (key: RepositoryKey) => Promise<RepositoryOnGithub>
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
