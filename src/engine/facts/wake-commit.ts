import type { RepositoryKey } from '../../domain/ring-key.ts'
import type { CommitSha } from '../../domain/units.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { wakeWaiting } from '../control/wake-waiting.ts'

/** Something changed about a commit: its checks, its review, its pull request. The rings that wait with it are looked at again. */
export async function wakeCommit(
  { store }: Pick<ControlPorts, 'store'>,
  { tenant, repository, commit }: RepositoryKey & { readonly commit: CommitSha },
): Promise<void> {
  await store.transaction({ tenant }, async tx => {
    const open = await tx.promotions.find({ repository, commit, open: true, limit: 100 })
    for (const { key } of open) await tx.queue.send({ kind: 'ring', key })
  })
}

/** Something changed that every ring of a repository depends on, such as the ring file. */
export async function wakeRepository({ store }: Pick<ControlPorts, 'store'>, key: RepositoryKey): Promise<void> {
  await store.transaction(key, tx => wakeWaiting(tx, key))
}
