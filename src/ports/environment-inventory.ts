import type { Account } from './deployments.ts'

/** Names, never values. `unknown`: GitHub does not show them to us, which is not the same as none. */
export type Names = readonly string[] | 'unknown'

/** What is set in one place. */
export interface SettingNames {
  readonly secrets: Names
  readonly variables: Names
}

/** What a job of an environment can use. */
export interface EnvironmentSettings {
  readonly environment: SettingNames
  readonly repository: SettingNames
  /** Those of the organisation that it shares with this repository. */
  readonly organisation: SettingNames
}

/** What stands before the jobs of an environment. */
export interface EnvironmentProtection {
  /** Custom deployment protection rules. `app`: a slug. */
  readonly customRules: readonly { readonly app: string; readonly isOurs: boolean; readonly isEnabled: boolean }[]
  /** Who must review; undefined: nobody. `teams`: slugs. */
  readonly reviewers:
    | { readonly people: readonly Account[]; readonly teams: readonly string[]; readonly preventSelfReview: boolean }
    | undefined
  /** Minutes. */
  readonly waitTimer: number
  /** Which branches and tags may use it. `custom`: those that match a pattern. */
  readonly branches: 'all' | 'protected' | 'custom'
  readonly canAdminsBypass: boolean
}

/** GitHub Environments as a supervisor sees them. */
export interface EnvironmentInventory {
  settings(environment: string): Promise<EnvironmentSettings>

  /** @returns undefined when there is no such environment, or we may not see it */
  protection(environment: string): Promise<EnvironmentProtection | undefined>
}
