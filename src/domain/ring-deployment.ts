import type { ConfigLayer } from './configuration.ts'
import type { DeploymentRecord } from './deployment-history.ts'
import type { CheckResult } from './result.ts'
import type { RingKey } from './ring-key.ts'

/** A deployment as the App keeps it. Its `id` is ours and rises; GitHub's is {@link RingDeployment.githubId}. */
export interface RingDeployment extends DeploymentRecord {
  readonly key: RingKey
  readonly promotion: string
  /** GitHub's id of its Deployment; absent until GitHub has opened it. */
  readonly githubId: number | undefined
  /** The organisation's configuration layer when it was made: the other layers are part of its artifact. */
  readonly organisation: ConfigLayer
  /** What its run reported of its checks. */
  readonly checks: readonly CheckResult[]
  /** Our id of what the ring pointed to when this one was decided: it may become active only over that. */
  readonly replaces: number | undefined
  /** Of a rollback: our id of the deployment that is rolled back when this one becomes active. */
  readonly ends: number | undefined
}
