import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import type { ControlTransaction } from '../../ports/control-store.ts'

/** Has every ring of a repository with a promotion that waits looked at again: a fact that one of them waits for may have changed. */
export async function wakeWaiting(tx: ControlTransaction, { repository }: RepositoryKey): Promise<void> {
  const open = await tx.promotions.find({ repository, open: true, limit: 1_000 })
  const rings = new Map<string, RingKey>(open.map(({ key }) => [`${key.solution}/${key.ring}`, key]))
  for (const key of rings.values()) await tx.queue.send({ kind: 'ring', key })
}
