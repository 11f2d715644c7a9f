import type { Account } from './account.ts'
import type { GithubApp } from './github-app.ts'

/** `waiting` cannot be posted: GitHub itself sets it on a job's deployment that a rule holds back. */
export type DeploymentState =
  | 'error'
  | 'failure'
  | 'inactive'
  | 'in_progress'
  | 'queued'
  | 'pending'
  | 'success'
  | 'waiting'

export interface DeploymentStatus {
  readonly id: number
  readonly state: DeploymentState
  readonly creator: Account
  readonly description: string
  readonly environment: string
  readonly logUrl: string
  readonly environmentUrl: string
  readonly createdAt: Date
  readonly app: GithubApp | null
}

export interface Deployment {
  readonly id: number
  readonly sha: string
  readonly ref: string
  readonly task: string
  readonly payload: string | Record<string, unknown>
  readonly originalEnvironment: string
  environment: string
  readonly description: string | null
  readonly creator: Account
  readonly createdAt: Date
  updatedAt: Date
  readonly transient: boolean
  readonly production: boolean
  readonly app: GithubApp | null
  /** Oldest first. */
  readonly statuses: DeploymentStatus[]
}
