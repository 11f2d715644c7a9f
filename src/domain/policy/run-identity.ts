/**
 * What GitHub says, signed, of the job that asks. `sub` is left out on purpose: its form differs from repository to repository, and what it
 * names may be given away again.
 *
 * Source: https://docs.github.com/actions/reference/security/oidc
 */
export interface RunClaims {
  readonly repositoryId: number
  /** `owner/name` at the time; for words and for comparing with {@link RunClaims.workflowRef}, never for access. */
  readonly repository: string
  readonly ownerId: number
  readonly runId: number
  readonly runAttempt: number
  readonly eventName: string
  /** `refs/heads/main` */
  readonly ref: string
  /** Absent where GitHub does not say. */
  readonly refProtected: boolean | undefined
  /** `owner/name/.github/workflows/ringway.yml@refs/heads/main` */
  readonly workflowRef: string
  /** Of the reusable workflow that the job is in; the same as {@link RunClaims.workflowRef}, or absent, where it is in none. */
  readonly jobWorkflowRef: string | undefined
  /** Only a job that names an environment has one: its rules have let the job through. */
  readonly environment: string | undefined
  readonly sha: string
  readonly actorId: number
  readonly actor: string
  readonly runnerEnvironment: string
}

/** The run that may do what is asked. */
export interface ExpectedRun {
  readonly repositoryId: number
  readonly ownerId: number
  /** The path of the declared workflow file: `.github/workflows/ringway.yml`. */
  readonly workflow: string
  /** The name of the default branch, from which the workflow file must come. */
  readonly defaultBranch: string
  /** The events that may have started it: {@link deploymentEvents} for deployments. */
  readonly events: readonly string[]
  /** The environment that its job must have been let into; absent: none is needed. */
  readonly environment?: string | undefined
  /** The run that was dispatched; absent: any. */
  readonly runId?: number | undefined
  /** The reusable workflow that the declared file's job is in: `owner/name/path@ref`. */
  readonly jobWorkflowRef?: string | undefined
  /** @default 'any' */
  readonly runner?: 'github-hosted' | 'any' | undefined
}

/** Every deployment is one dispatched run: no pull request, fork or schedule starts one. */
export const deploymentEvents: readonly string[] = ['workflow_dispatch']

/** Whether a run is the one that was expected. */
export type RunIdentityVerdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused'; readonly code: 'unauthorised_run'; readonly words: string }

/** Compares a run with the one that may act. The words of a refusal name the first difference: what was expected and what came. */
export function checkRunIdentity(claims: RunClaims, expected: ExpectedRun): RunIdentityVerdict {
  const difference = differences(claims, expected).find(each => each !== undefined)
  return difference === undefined ? { kind: 'ok' } : { kind: 'refused', code: 'unauthorised_run', words: difference }
}

function differences(claims: RunClaims, expected: ExpectedRun): (string | undefined)[] {
  const { environment, runId, events } = expected
  return [
    differs('of repository', claims.repositoryId, expected.repositoryId),
    differs('of the owner', claims.ownerId, expected.ownerId),
    events.includes(claims.eventName)
      ? undefined
      : `The run was started by ${claims.eventName}, expected ${events.join(' or ')}.`,
    workflowDifference(claims, expected),
    environment === undefined ? undefined : differs('of environment', claims.environment ?? 'none', environment),
    runId === undefined ? undefined : differs('with id', claims.runId, runId),
    expected.runner === 'github-hosted'
      ? differs('of a runner that is', claims.runnerEnvironment, expected.runner)
      : undefined,
  ]
}

function differs(what: string, came: string | number, expected: string | number): string | undefined {
  return came === expected ? undefined : `The run is one ${what} ${came}, expected ${expected}.`
}

/** The name in a workflow's reference is that of the run's own repository: a rule of the organisation can run workflows of others. */
function workflowDifference(claims: RunClaims, expected: ExpectedRun): string | undefined {
  const workflow = `${claims.repository}/${expected.workflow}@refs/heads/${expected.defaultBranch}`
  if (!sameWorkflow(claims.workflowRef, workflow)) return differs('of the workflow', claims.workflowRef, workflow)
  const { jobWorkflowRef = claims.workflowRef } = claims
  return differs('whose job is in', jobWorkflowRef, expected.jobWorkflowRef ?? claims.workflowRef)
}

/** Names of owners and repositories differ in case only by how they are typed; paths and branches do not. */
function sameWorkflow(one: string, other: string): boolean {
  const [a, b] = [splitReference(one), splitReference(other)]
  return a.repository.toLowerCase() === b.repository.toLowerCase() && a.rest === b.rest
}

function splitReference(reference: string): { readonly repository: string; readonly rest: string } {
  const [owner = '', name = '', ...rest] = reference.split('/')
  return { repository: `${owner}/${name}`, rest: rest.join('/') }
}
