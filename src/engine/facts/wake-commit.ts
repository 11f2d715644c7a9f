import type { RepositoryKey } from '../../domain/ring-key.ts'
import { type CommitSha, epochMs } from '../../domain/units.ts'
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

/** Milliseconds after which no replica remembers a file of before. */
const forgotten = 20_000

/** The ring file changed, on which every ring of a repository depends. Other replicas may remember how it was for a while. */
export async function wakeRepository(
  { store, forget }: Pick<ControlPorts, 'store' | 'forget'>,
  key: RepositoryKey,
): Promise<void> {
  forget(key)
  await store.transaction(key, async tx => {
    await wakeWaiting(tx, key)
    await wakeWaiting(tx, key, epochMs(tx.now + forgotten))
  })
}
