import { type EpochMs, epochMs } from '../../../domain/units.ts'
import type { AuditRecords, ControlStore, ControlTransaction } from '../../../ports/control-store.ts'
import type { WorkSender } from '../../../ports/work-queue.ts'
import { auditRecords } from '../audit-log.ts'
import type { Database, Transaction } from '../database.ts'
import { fence } from '../leases.ts'
import { answerRecords } from './answer-records.ts'
import { artifactRecords } from './artifact-records.ts'
import { commandRecords } from './command-records.ts'
import { conversationRecords } from './conversation-records.ts'
import { deploymentRecords } from './deployment-records.ts'
import { effectRecords } from './effect-records.ts'
import { enterTenant } from './enter-tenant.ts'
import { eventRecords } from './event-records.ts'
import { noticeRecords } from './notice-records.ts'
import { orderedTransaction } from './ordered-transaction.ts'
import { promotionRecords } from './promotion-records.ts'
import { readinessRecords } from './readiness-records.ts'
import { repositoryRecords } from './repository-records.ts'
import { ringRecords } from './ring-records.ts'
import { subscriberRecords } from './subscriber-records.ts'
import { tenantQueries } from './tenant-queries.ts'

/** What the store is made of. */
export interface ControlStoreParts {
  readonly database: Database
  readonly queue: { sender(tx: Transaction): WorkSender }
}

/**
 * The App's memory in PostgreSQL. `work` may be called again, from the start and with another `now`, where its transaction met another one.
 *
 * What all transactions of a tenant have in common — the numbers of its events, the head of its audit log — is locked at the end, in one order, and
 * held for the commit alone.
 */
export function createControlStore({ database, queue }: ControlStoreParts): ControlStore {
  return {
    transaction: ({ tenant, lease }, work) =>
      database.transaction(async begun => {
        const tx = orderedTransaction(begun)
        try {
          const now = await enterTenant(tx, tenant)
          if (lease !== undefined) await fence(tx, lease)
          const { transaction, finish } = records(tx, { tenant, now, sender: queue.sender(tx) })
          const result = await work(transaction)
          await finish()
          return result
        } finally {
          tx.end()
        }
      }),
  }
}

interface RecordParts {
  readonly tenant: number
  readonly now: EpochMs
  readonly sender: WorkSender
}

/** @returns the records, and what remains to be done when the work is */
function records(
  tx: Transaction,
  { tenant, now, sender }: RecordParts,
): { readonly transaction: ControlTransaction; readonly finish: () => Promise<void> } {
  const queries = tenantQueries(tx, tenant)
  const lanes = new Map<string, EpochMs | undefined>()
  const events = eventRecords(queries, now)
  const log = auditRecords(tx, { tenant, now })
  const entries: Parameters<AuditRecords['append']>[0][] = []
  return {
    transaction: {
      now,
      repositories: repositoryRecords(queries),
      rings: ringRecords(queries, now),
      promotions: promotionRecords(queries),
      deployments: deploymentRecords(queries),
      answers: answerRecords(queries),
      artifacts: artifactRecords(queries),
      conversations: conversationRecords(queries),
      commands: commandRecords(queries, now),
      notices: noticeRecords(queries, now),
      readiness: readinessRecords(queries),
      effects: effectRecords(queries, {
        now,
        onWanted: ({ type, lane }) => lanes.set(lane, type === 'display' ? soon(now) : undefined),
      }),
      events,
      subscribers: subscriberRecords(queries, now),
      audit: {
        append: async entry => {
          entries.push(entry)
        },
        list: (repository, page) => log.list(repository, page),
      },
      queue: sender,
    },
    finish: async () => {
      // Sorted: two transactions that queue the same work wait for each other in one order.
      for (const lane of [...lanes.keys()].toSorted())
        await sender.send({ kind: 'effects', tenant, lane }, lanes.get(lane))
      for (const subscriber of await events.flush()) await sender.send({ kind: 'events', tenant, subscriber })
      for (const entry of entries) await log.append(entry)
    },
  }
}

/** Milliseconds. What GitHub shows is written once a second at most, as it is then: states that follow each other at once cost one write. */
const displayEvery = 1_000

/** The next whole second, so that what is wanted again until then is the same work. */
function soon(now: EpochMs): EpochMs {
  return epochMs(Math.ceil((now + displayEvery / 2) / displayEvery) * displayEvery)
}
