/** How GitHub protects an environment. */
export interface EnvironmentProtection {
  /** Whether an enabled custom deployment protection rule decides on its jobs. */
  readonly customRule: boolean
  /** Whether people must approve its jobs on GitHub. */
  readonly requiredReviewers: boolean
}

/** GitHub Environments of the repository. */
export interface Environments {
  /** An environment that does not exist yet has no protection: GitHub creates it by its first use. */
  protection(environment: string): Promise<EnvironmentProtection>
}
