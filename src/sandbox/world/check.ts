import type { GithubApp } from './github-app.ts'

export const CHECK_CONCLUSIONS = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'timed_out',
] as const

type CheckConclusion = (typeof CHECK_CONCLUSIONS)[number]

export interface CheckAnnotation {
  readonly path: string
  readonly startLine: number
  readonly endLine: number
  readonly startColumn: number | null
  readonly endColumn: number | null
  readonly level: 'notice' | 'warning' | 'failure'
  readonly title: string | null
  readonly message: string
  readonly rawDetails: string | null
}

/** A button on a completed check run. */
interface CheckAction {
  readonly label: string
  readonly description: string
  readonly identifier: string
}

export interface CheckOutput {
  readonly title: string | null
  readonly summary: string | null
  readonly text: string | null
  readonly annotations: CheckAnnotation[]
}

export interface CheckSuite {
  readonly id: number
  readonly headSha: string
  readonly headBranch: string | null
  readonly app: GithubApp
  readonly createdAt: Date
  updatedAt: Date
}

export interface CheckRun {
  readonly id: number
  name: string
  readonly headSha: string
  readonly suite: CheckSuite
  readonly app: GithubApp
  externalId: string
  detailsUrl: string
  status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending'
  conclusion: CheckConclusion | null
  startedAt: Date | null
  completedAt: Date | null
  output: CheckOutput
  actions: readonly CheckAction[]
}
