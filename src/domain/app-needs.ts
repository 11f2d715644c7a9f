/** One permission of the App on GitHub. */
export interface AppPermission {
  readonly level: 'read' | 'write'
  /** What needs it, as the rest of a sentence that begins with the name of the permission. */
  readonly why: string
  /** As the settings of a GitHub App call it. */
  readonly name: string
}

/**
 * Everything that the App may do on GitHub, by GitHub's key. The manifest from which it is registered, its tokens, `ringway doctor` and
 * `docs/app.md` read it here.
 *
 * Never `contents: write`, `workflows` or `administration`: what is written to a repository is written by a job with the job's own token.
 *
 * Source of the keys: https://docs.github.com/rest/authentication/permissions-required-for-github-apps
 */
export const appPermissions = {
  metadata: { name: 'Metadata', level: 'read', why: 'to know a repository at all; GitHub gives it to every App' },
  actions: {
    name: 'Actions',
    level: 'write',
    why: 'to start the workflow for a promotion, to see runs that wait or were lost, and to cancel a deployment for a rollback',
  },
  actions_variables: {
    name: 'Variables',
    level: 'read',
    why: 'to say before a promotion that the ring lacks a variable that the version wants (names only)',
  },
  checks: {
    name: 'Checks',
    level: 'write',
    why: 'for the check run of each ring with its gates and buttons, and to wait for the checks of the commit',
  },
  contents: { name: 'Contents', level: 'read', why: 'to read the ring file, commits and version tags' },
  deployments: {
    name: 'Deployments',
    level: 'write',
    why: 'for the deployment of each promotion with its statuses, and to answer as a protection rule of an environment',
  },
  environments: {
    name: 'Environments',
    level: 'read',
    why: 'to see which rule, reviewers and branches protect a ring, and which secrets and variables it has (names only)',
  },
  issues: { name: 'Issues', level: 'write', why: 'to hear commands in comments and to answer them' },
  members: { name: 'Members', level: 'read', why: 'to know who is in the teams that approve or deploy' },
  pull_requests: {
    name: 'Pull requests',
    level: 'write',
    why: 'to answer on pull requests, and to count their reviews and authors',
  },
  secrets: {
    name: 'Secrets',
    level: 'read',
    why: 'to say before a promotion that the ring lacks a secret that the version wants (names only)',
  },
  statuses: {
    name: 'Commit statuses',
    level: 'write',
    why: 'for the commit status of each ring, and to wait for statuses of others',
  },
} as const satisfies Record<string, AppPermission>

/** A permission by GitHub's key. */
export type AppPermissionName = keyof typeof appPermissions

/**
 * The events that the App subscribes to, each with what it tells. `installation` and `installation_repositories` come without being asked
 * for, and GitHub refuses a manifest that names them.
 */
export const appEvents = {
  check_run: 'a check of the commit has ended, or a button was pressed',
  check_suite: 'the checks of the commit have ended',
  deployment_protection_rule: 'a job waits before an environment that the App protects',
  deployment_review: 'somebody reviewed an environment',
  deployment_status: 'somebody else has said something of a deployment',
  issue_comment: 'somebody has commented, which may be a command',
  pull_request: 'the head of a pull request has moved, or it was merged',
  pull_request_review: 'a pull request was reviewed',
  push: 'the ring file may have changed',
  repository: 'a repository was renamed, transferred or archived',
  status: 'a status of the commit has changed',
  workflow_run: 'a run has ended',
} as const satisfies Record<string, string>

/** An event that the App subscribes to. */
export type AppEventName = keyof typeof appEvents
