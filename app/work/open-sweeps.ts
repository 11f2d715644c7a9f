import type { Logger } from 'pino'
import type { GithubApp } from '../../src/adapters/github/github-app.ts'
import { createGithubHookDeliveries } from '../../src/adapters/github/hook-deliveries.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { createIdempotentAnswers } from '../../src/adapters/postgres/idempotent-answers.ts'
import { createMissedDeliveries } from '../../src/adapters/postgres/missed-deliveries.ts'
import { createReplayGuard } from '../../src/adapters/postgres/replay-guard.ts'
import { createRetention } from '../../src/adapters/postgres/retention.ts'
import { type DurationMs, durationMs } from '../../src/domain/units.ts'
import type { ControlPorts } from '../../src/engine/control/control-ports.ts'
import { proveReadiness } from '../../src/engine/sweeps/prove-readiness.ts'
import { lookedMarks, reconcileRepository } from '../../src/engine/sweeps/reconcile-repository.ts'
import { deliveriesMark, sweepDeliveries } from '../../src/engine/sweeps/sweep-deliveries.ts'
import { sweepRetention } from '../../src/engine/sweeps/sweep-retention.ts'
import { learnTenants } from '../../src/engine/tenants/learn-repositories.ts'
import type { Installations } from '../../src/ports/installations.ts'
import type { SweepAgenda } from '../../src/ports/sweep-agenda.ts'
import type { WorkOf, WorkQueue } from '../../src/ports/work-queue.ts'
import { whileInstalled } from './while-installed.ts'

/** What sweeps are wired from. */
export interface SweepParts {
  readonly database: Database
  readonly queue: WorkQueue
  readonly agenda: SweepAgenda
  readonly control: ControlPorts
  readonly installations: Installations
  readonly app: GithubApp
  readonly log: Logger
}

type Sweep = WorkOf<'sweep'>['sweep']

/** How often each sweep is made, by all replicas together. Minutes. */
const minutes: Readonly<Record<Sweep, number>> = { deliveries: 1, reconcile: 5, readiness: 60, retention: 24 * 60 }
/** Repositories whose turn it is in one sweep; the others have theirs in the next. */
const mostRepositories = 1_000
/** Repositories that one replica looks at together. */
const repositoriesAtOnce = 2

/**
 * Starts the sweeps: what webhooks would have told, and did not, is found without them. Each is made at once, too: the App may have been away,
 * so all deliveries that GitHub still has are looked through, and every repository is looked at.
 */
export async function openSweeps(parts: SweepParts): Promise<void> {
  const { queue, agenda, control, log } = parts
  const tell = (line: string): void => log.info(line)
  const sweeps = sweepsOf(parts, tell)
  const ofRepository = { reconcile: reconcileRepository, readiness: proveReadiness }
  const one = ({ sweep, tenant, repository }: WorkOf<'repository'>): Promise<void> =>
    ofRepository[sweep]({ ...control, agenda, tell }, { tenant, repository })
  const names = Object.keys(minutes).filter(isSweep)
  await queue.handle('sweep', { concurrency: names.length }, ({ sweep }) => sweeps[sweep]())
  await queue.handle('repository', { concurrency: repositoriesAtOnce }, whileInstalled(one, tell))
  for (const sweep of names) await queue.repeat({ kind: 'sweep', sweep }, { minutes: minutes[sweep] })
  for (const mark of [deliveriesMark, lookedMarks, ...Object.keys(ofRepository)]) await agenda.forget(mark)
  await agenda.sweepNow(names)
}

function sweepsOf(
  { database, agenda, control, installations, app }: SweepParts,
  tell: (line: string) => void,
): Readonly<Record<Sweep, () => Promise<void>>> {
  const retention = createRetention(database, [createReplayGuard(database), createIdempotentAnswers(database)])
  const missed = createMissedDeliveries(database)
  const deliveries = createGithubHookDeliveries(app.calls)
  const queueAll = async (sweep: WorkOf<'repository'>['sweep']): Promise<void> => {
    await agenda.queueRepositories(sweep, { every: nearly(minutes[sweep]), limit: mostRepositories })
  }
  return {
    deliveries: () => sweepDeliveries({ deliveries, missed, agenda, tell }),
    async reconcile() {
      await learnTenants({ store: control.store, installations })
      await queueAll('reconcile')
    },
    readiness: () => queueAll('readiness'),
    retention: () => sweepRetention({ retention, tell }),
  }
}

/** A sweep may begin a little earlier in its interval than the one before. */
function nearly(interval: number): DurationMs {
  return durationMs(interval * 60_000 * 0.9)
}

function isSweep(name: string): name is Sweep {
  return Object.hasOwn(minutes, name)
}
