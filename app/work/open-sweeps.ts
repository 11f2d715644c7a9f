import type { Logger } from 'pino'
import type { GithubApp } from '../../src/adapters/github/github-app.ts'
import { createGithubHookDeliveries } from '../../src/adapters/github/hook-deliveries.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { createIdempotentAnswers } from '../../src/adapters/postgres/idempotent-answers.ts'
import { createMissedDeliveries } from '../../src/adapters/postgres/missed-deliveries.ts'
import { createReplayGuard } from '../../src/adapters/postgres/replay-guard.ts'
import { createRetention } from '../../src/adapters/postgres/retention.ts'
import { type AgendaParts, createSweepAgenda } from '../../src/adapters/postgres/sweep-agenda.ts'
import { deliveriesMark, sweepDeliveries } from '../../src/engine/sweeps/sweep-deliveries.ts'
import { sweepRetention } from '../../src/engine/sweeps/sweep-retention.ts'
import type { WorkQueue } from '../../src/ports/work-queue.ts'

/** What sweeps are wired from. */
export interface SweepParts {
  readonly database: Database
  readonly queue: WorkQueue & AgendaParts['queue']
  readonly app: GithubApp
  readonly log: Logger
}

/** How often each sweep is made, by all replicas together. Minutes. */
const every = { deliveries: 1, retention: 24 * 60 } as const

/**
 * Starts the sweeps: what webhooks would have told, and did not, is found without them. Each is made at once, too: the App may have been away,
 * so all deliveries that GitHub still has are looked through.
 */
export async function openSweeps({ database, queue, app, log }: SweepParts): Promise<void> {
  const tell = (line: string): void => log.info(line)
  const agenda = createSweepAgenda({ database, queue })
  const retention = createRetention(database, [createReplayGuard(database), createIdempotentAnswers(database)])
  const missed = createMissedDeliveries(database)
  const deliveries = createGithubHookDeliveries(app.calls)
  const sweeps = {
    deliveries: () => sweepDeliveries({ deliveries, missed, agenda, tell }),
    retention: () => sweepRetention({ retention, tell }),
  }
  await queue.handle('sweep', { concurrency: 2 }, async ({ sweep }) => {
    if (sweep in sweeps) await sweeps[sweep as keyof typeof sweeps]()
  })
  for (const sweep of ['deliveries', 'retention'] as const) {
    await queue.repeat({ kind: 'sweep', sweep }, { minutes: every[sweep] })
  }
  await agenda.forget(deliveriesMark)
  await agenda.sweepNow(['deliveries', 'retention'])
}
