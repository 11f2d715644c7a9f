import type { RepositoryKey } from '../../domain/ring-key.ts'
import type { CommitSha } from '../../domain/units.ts'
import type { ControlPorts } from '../control/control-ports.ts'

/** The head of a pull request, as a delivery told it. */
export interface ToldHead extends RepositoryKey {
  readonly issue: number
  readonly commit: CommitSha
  /** Of the delivery: GitHub's deliveries may arrive in another order than things happened, and never before they were stored. */
  readonly seq: number
}

/**
 * Notes the head of a pull request in the order in which GitHub told it. A command binds to the head that was noted when it arrived; dates
 * in commits are whatever their author wrote.
 */
export async function noteHead({ store }: Pick<ControlPorts, 'store'>, told: ToldHead): Promise<void> {
  await store.transaction(told, async tx => {
    const record = await tx.conversations.lock(told.repository, told.issue)
    if (record.head !== undefined && record.head.seq >= told.seq) return
    await tx.conversations.save({ ...record, head: { commit: told.commit, seq: told.seq } })
  })
}
