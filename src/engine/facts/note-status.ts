import type { RepositoryKey } from '../../domain/ring-key.ts'
import { parseStatusDescription } from '../../domain/status-description.ts'
import type { SweepAgenda } from '../../ports/sweep-agenda.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { lookSoon } from '../sweeps/reconcile-repository.ts'

/** A deployment status that somebody else than the App posted. */
export interface ToldStatus extends RepositoryKey {
  readonly githubDeployment: number
  /** GitHub's own state, such as `success`. */
  readonly state: string
  readonly description: string
}

/** GitHub says of a job's Deployment where the job stands; of one that ended, it may be news. */
const ends: readonly string[] = ['success', 'failure', 'error']

/**
 * Somebody else said where a Deployment stands: the repository is looked at soon. What GitHub says of the jobs that the App itself had started is
 * no news, and costs nothing.
 */
export async function noteStatus(
  { store, agenda }: Pick<ControlPorts, 'store'> & { readonly agenda: SweepAgenda },
  told: ToldStatus,
): Promise<void> {
  const { tenant, repository, githubDeployment, state, description } = told
  if (parseStatusDescription(description) === undefined) {
    if (!ends.includes(state)) return
    const known = await store.transaction({ tenant }, tx => tx.deployments.findByGithub(repository, githubDeployment))
    if (known !== undefined) return
  }
  await lookSoon(agenda, { tenant, repository })
}
