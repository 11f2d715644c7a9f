import type { Promotion } from '../../domain/promotion.ts'
import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import type { EpochMs } from '../../domain/units.ts'
import type { ControlTransaction } from '../../ports/control-store.ts'

/**
 * Has those rings looked at again that may go on because a deployment ended or became active: the rings of its solution, and whatever was let in and
 * waits for a slot. Nobody else asks about it, and each look asks GitHub much.
 */
export async function wakeDependent(tx: ControlTransaction, { repository, solution }: RingKey): Promise<void> {
  const isMeant = (one: Promotion): boolean => one.key.solution === solution || one.state === 'authorised'
  for (const key of await ringsThatWait(tx, repository, isMeant)) await tx.queue.send({ kind: 'ring', key })
}

/** Has every ring of a repository with a promotion that waits looked at again: a fact that one of them waits for may have changed. */
export async function wakeWaiting(tx: ControlTransaction, { repository }: RepositoryKey, at?: EpochMs): Promise<void> {
  for (const key of await ringsThatWait(tx, repository)) await tx.queue.send({ kind: 'ring', key }, at)
}

/** Rings with a promotion that has not ended, of those that are meant; each once. */
async function ringsThatWait(
  tx: ControlTransaction,
  repository: number,
  isMeant: (promotion: Promotion) => boolean = () => true,
): Promise<readonly RingKey[]> {
  const open = await tx.promotions.find({ repository, open: true, limit: 1_000 })
  const rings = open.filter(isMeant).map(({ key }): [string, RingKey] => [`${key.solution}/${key.ring}`, key])
  return [...new Map(rings).values()]
}
