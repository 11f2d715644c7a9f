import type { RepositoryKey } from '../../domain/ring-key.ts'
import type { ControlPorts } from '../control/control-ports.ts'

/** A run came to its end: if a deployment is its work and has not ended, it is looked at. */
export async function noteRunEnded(
  { store }: Pick<ControlPorts, 'store'>,
  { tenant, repository, run }: RepositoryKey & { readonly run: number },
): Promise<void> {
  await store.transaction({ tenant }, async tx => {
    for (const { deployment } of await tx.promotions.find({ repository, run, limit: 10 })) {
      if (deployment !== undefined) await tx.queue.send({ kind: 'supervise', tenant, deployment })
    }
  })
}
