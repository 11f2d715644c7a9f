import type { RepositoryKey } from '../../domain/ring-key.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { wakeWaiting } from '../control/wake-waiting.ts'

/** How much goes on in a repository. */
export interface Activity {
  /** Whether a promotion waits, or a deployment is on its way. */
  readonly isOpen: boolean
  /** Whether it ever had a ring. */
  readonly isKnown: boolean
}

/**
 * Has everything of a repository that is open looked at again: rings with promotions that wait, deployments on their way, effects that are not
 * done. Whatever should have woken them and did not, they go on. It asks nothing of GitHub.
 */
export async function wakeOpen({ store }: Pick<ControlPorts, 'store'>, key: RepositoryKey): Promise<Activity> {
  const { tenant, repository } = key
  return await store.transaction(key, async tx => {
    const waiting = await tx.promotions.find({ repository, open: true, limit: 1 })
    const unfinished = await tx.deployments.unfinished(repository)
    for (const lane of await tx.effects.openLanes(repository)) await tx.queue.send({ kind: 'effects', tenant, lane })
    if (waiting.length > 0) await wakeWaiting(tx, key)
    for (const { id } of unfinished) await tx.queue.send({ kind: 'supervise', tenant, deployment: id })
    return {
      isOpen: waiting.length > 0 || unfinished.length > 0,
      isKnown: (await tx.rings.list(repository)).length > 0,
    }
  })
}
