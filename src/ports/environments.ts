/** GitHub Environments of the repository. One that does not exist yet has no protection: GitHub creates it by its first use. */
export interface Environments {
  /** Whether an enabled custom deployment protection rule decides on its jobs. */
  hasCustomRule(environment: string): Promise<boolean>
  /** Whether people must approve its jobs on GitHub. */
  hasRequiredReviewers(environment: string): Promise<boolean>
}
