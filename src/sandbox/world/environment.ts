import type { Account, Team } from './account.ts'
import type { GithubApp } from './github-app.ts'
import type { Settings } from './setting.ts'

export type Reviewer =
  | { readonly type: 'User'; readonly reviewer: Account }
  | { readonly type: 'Team'; readonly reviewer: Team }

/** A branch or tag pattern that may deploy to an environment with the policy `custom`. */
export interface BranchPolicy {
  readonly id: number
  name: string
  readonly type: 'branch' | 'tag'
}

/** A custom deployment protection rule: `app` is asked before a job may use the environment. */
export interface CustomProtectionRule {
  readonly id: number
  readonly app: GithubApp
  enabled: boolean
}

export interface Environment {
  readonly id: number
  readonly name: string
  readonly createdAt: Date
  updatedAt: Date
  /** Minutes a job waits before it starts; 0 is no timer. */
  waitTimer: number
  reviewers: readonly Reviewer[]
  preventSelfReview: boolean
  canAdminsBypass: boolean
  /** `null`: every ref may deploy. */
  branchPolicy: 'protected' | 'custom' | null
  branchPolicies: BranchPolicy[]
  readonly customRules: CustomProtectionRule[]
  /** Ids of the built-in rules as the API lists them. */
  readonly ruleIds: { readonly waitTimer: number; readonly reviewers: number; readonly branchPolicy: number }
  readonly variables: Settings
  readonly secrets: Settings
}
