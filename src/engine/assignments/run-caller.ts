import {
  checkRunIdentity,
  deploymentEvents,
  type ExpectedRun,
  type RunClaims,
} from '../../domain/policy/run-identity.ts'
import type { Person } from '../../domain/promotion.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { RepositoryPolicy } from '../control/read-policy.ts'

/** A workflow run of a repository where the App is installed, that has proven who it is. */
export interface RunCaller extends RepositoryKey {
  readonly claims: RunClaims
}

/** Who started a run. */
export function actorOf({ claims }: RunCaller): Person {
  return { id: claims.actorId, login: claims.actor }
}

/**
 * Expects that a run is one of the declared workflow of the default branch, started as it should be: whoever may push could write another.
 *
 * @throws {RingwayError} `unauthorised_run` with the first difference
 */
export async function expectRun(
  { claims }: RunCaller,
  { github, ringFile }: RepositoryPolicy,
  more: Partial<Pick<ExpectedRun, 'environment' | 'events'>> = {},
): Promise<void> {
  const verdict = checkRunIdentity(claims, {
    repositoryId: claims.repositoryId,
    // The repository's id, by which it was found, names its owner too.
    ownerId: claims.ownerId,
    workflow: `.github/workflows/${ringFile.workflow}`,
    defaultBranch: await github.repository.defaultBranch(),
    events: deploymentEvents,
    ...more,
  })
  if (verdict.kind === 'ok') return
  throw new RingwayError({
    code: verdict.code,
    message: verdict.words,
    remedy: 'Let the App start the run: promote with a comment, from the workflow of the default branch.',
  })
}
