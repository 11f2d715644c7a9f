import type { RingDeployment } from '../../domain/ring-deployment.ts'
import type { RunReport } from '../../domain/run-protocol.ts'
import { epochMs } from '../../domain/units.ts'
import type { ControlTransaction } from '../../ports/control-store.ts'
import { alert } from '../control/alert.ts'
import { endDeployment } from '../control/end-deployment.ts'
import { sayDeployment } from '../control/move-deployment.ts'

/** How long the App waits before it has put back what a run could not. Milliseconds. */
const pause = 5_000

/**
 * Ends a deployment that failed, once its run has told how putting back went. What could not be put back stays `rolling_back`, or
 * `deploying`, and is tried again by a run of its own; people are told at once.
 */
export async function endFailed(
  tx: ControlTransaction,
  deployment: RingDeployment,
  report: Pick<RunReport, 'ok' | 'words'>,
): Promise<RingDeployment> {
  const { reason, words } = deployment
  // A restoration that failed has displaced nothing: the ring still points to what it was to replace.
  const isOver = report.ok === true || deployment.task === 'rollback'
  if (!isOver) return await tellRestoreFailed(tx, deployment, report.words)
  return await endDeployment(tx, deployment, { reason, words: `${words}; ${report.words}` })
}

async function tellRestoreFailed(
  tx: ControlTransaction,
  deployment: RingDeployment,
  words: string,
): Promise<RingDeployment> {
  // Why it failed stays its reason: that it could not be put back says nothing of what was wrong with it.
  const told: RingDeployment = { ...deployment, words: `${deployment.words}; ${words}` }
  await tx.deployments.save(told)
  await sayDeployment(tx, { ...told, reason: 'restore_failed', words }, 'failed')
  await alert(tx, told, { type: 'restore_failed', words })
  await tx.queue.send({ kind: 'supervise', tenant: told.key.tenant, deployment: told.id }, epochMs(tx.now + pause))
  return told
}
