import type { DeploymentReport } from '../../src/domain/deployment.ts'
import { parseStatusDescription } from '../../src/domain/status-description.ts'
import type { Deployment } from '../../src/sandbox/world/deployment.ts'
import type { Repository } from '../../src/sandbox/world/repository.ts'

/** A GitHub Deployment with what Ringway's statuses say of it. */
export interface ToldDeployment {
  readonly id: number
  readonly environment: string
  readonly commit: string
  readonly task: string
  readonly payload: unknown
  readonly creator: string
  /** `v1`; undefined when no status is Ringway's. */
  readonly artifact: string | undefined
  /** Every state that was written, in order, each once however often it was said again. */
  readonly walked: readonly string[]
  readonly state: string | undefined
  readonly reason: string | undefined
  readonly words: string
  /** The newest status as GitHub names it. */
  readonly github: string | undefined
}

/** The Deployments of an environment, oldest first, read where GitHub keeps them. */
export function deploymentsIn(repository: Repository, environment: string): readonly ToldDeployment[] {
  return repository.deployments
    .filter(deployment => deployment.originalEnvironment === environment)
    .toSorted((a, b) => a.id - b.id)
    .map(tell)
}

function tell(deployment: Deployment): ToldDeployment {
  const said = reportsOf(deployment)
  const newest = said.at(-1)
  return {
    id: deployment.id,
    environment: deployment.originalEnvironment,
    commit: deployment.sha,
    task: deployment.task,
    payload: deployment.payload,
    creator: deployment.creator.login,
    artifact: newest?.artifact,
    walked: said.map(report => report.state).filter((state, index, all) => state !== all[index - 1]),
    state: newest?.state,
    reason: newest?.reason,
    words: newest?.words ?? '',
    github: deployment.statuses.at(-1)?.state,
  }
}

function reportsOf(deployment: Deployment): readonly DeploymentReport[] {
  return deployment.statuses.flatMap(status => parseStatusDescription(status.description) ?? [])
}

/** What a ring points to: the one whose newest word is that it is active, or that it is being replaced by an earlier one. */
export function pointersOf(repository: Repository, environment: string): readonly ToldDeployment[] {
  return deploymentsIn(repository, environment).filter(
    one => one.state === 'active' || (one.state === 'rolling_back' && one.walked.includes('active')),
  )
}
