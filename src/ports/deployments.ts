import type { CommitSha, EpochMs } from '../domain/units.ts'

/** Who made something on GitHub. */
export interface Account {
  readonly login: string
  readonly id: number
  readonly type: 'User' | 'Bot' | 'Organization' | 'Mannequin'
}

/** A status of a GitHub Deployment. */
export interface DeploymentStatus {
  /** GitHub's own state, such as `in_progress`. */
  readonly state: string
  readonly description: string
  readonly creator: Account | undefined
  readonly createdAt: EpochMs
  /** Where the run that posted it can be read. */
  readonly logUrl: string | undefined
  readonly environmentUrl: string | undefined
}

/** A GitHub Deployment with all its statuses, the newest first. */
export interface RecordedDeployment {
  readonly id: number
  readonly environment: string
  readonly commit: CommitSha
  readonly task: string
  /** Whatever its creator wrote: to be decoded with suspicion. */
  readonly payload: unknown
  readonly creator: Account | undefined
  readonly createdAt: EpochMs
  readonly statuses: readonly DeploymentStatus[]
}

/** A GitHub Deployment to open. */
export interface NewDeployment {
  readonly environment: string
  readonly commit: CommitSha
  readonly task: 'deploy' | 'rollback'
  readonly description: string
  /** Holds `promotion`, by which a Deployment whose opening was answered ambiguously is found again. */
  readonly payload: Readonly<Record<string, unknown>> & { readonly promotion: string }
  readonly production: boolean
  /** Whether an earlier attempt of this job may have opened it already: then it is looked for first. @default false */
  readonly repeated?: boolean | undefined
}

/** A status to post. */
export interface NewDeploymentStatus {
  readonly state: 'queued' | 'pending' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive'
  /** At most 140 characters. */
  readonly description: string
  readonly logUrl?: string | undefined
  readonly environmentUrl?: string | undefined
  /** Whether an earlier attempt may have posted it already: then it is looked for first. @default false */
  readonly repeated?: boolean | undefined
}

/** Which Deployments to read. */
export interface DeploymentQuery {
  /** Those of one environment; or of several, then best with a commit: a list is read of all environments together. */
  readonly environments: readonly string[]
  /** Only those of this commit. */
  readonly commit?: CommitSha | undefined
  /** The id of one that is passed over: whoever carries it knows what stands there. */
  readonly except?: number | undefined
  /** What was read a moment ago, by id: given as it was, because the statuses of each Deployment cost a call. */
  readonly seen?: ReadonlyMap<number, RecordedDeployment> | undefined
}

/** GitHub Deployments: the public record of what was placed where. */
export interface Deployments {
  /** Newest first, read from GitHub as far as the caller iterates. */
  list(query: DeploymentQuery): AsyncIterable<RecordedDeployment>

  read(id: number): Promise<RecordedDeployment | undefined>

  /** Opens one, exactly once for its `payload.promotion`. */
  open(deployment: NewDeployment): Promise<RecordedDeployment>

  /** Posts a status, exactly once even when GitHub's answer was lost. */
  report(id: number, status: NewDeploymentStatus): Promise<void>
}
