import * as z from 'zod'
import type { RingKey } from '../../../domain/ring-key.ts'
import type { RingLock } from '../../../domain/ring-lock.ts'
import { RingwayError } from '../../../domain/ringway-error.ts'
import type { EpochMs } from '../../../domain/units.ts'
import type { RingRecord, RingRecords } from '../../../ports/control-store.ts'
import { absent, dateOf, instant, whole } from './columns.ts'
import { insertRow, insertStatement, updateRow } from './row-statements.ts'
import { confirmTenant, type TenantQueries } from './tenant-queries.ts'

const ringShape = z
  .object({
    tenant: whole,
    repository: whole,
    solution: z.string(),
    ring: z.string(),
    environment: z.string(),
    lifecycle: z.enum(['active', 'paused', 'undeployed', 'archived']),
    deployment: absent(whole),
    revision: whole,
  })
  .transform(
    ({ tenant, repository, solution, ring, environment, lifecycle, deployment, revision }): RingRecord => ({
      key: { tenant, repository, solution, ring },
      environment,
      pointer: { name: ring, deployment, revision },
      lifecycle,
    }),
  )

const lockShape = z
  .object({
    solution: absent(z.string()),
    ring: absent(z.string()),
    by_id: whole,
    by_login: z.string(),
    reason: absent(z.string()),
    since: instant,
    until: absent(instant),
    pull_request: absent(whole),
  })
  .transform(
    ({ solution, ring, ...row }): RingLock => ({
      ring: solution === undefined || ring === undefined ? undefined : { solution, ring },
      by: { id: row.by_id, login: row.by_login },
      reason: row.reason,
      since: row.since,
      until: row.until,
      pullRequest: row.pull_request,
    }),
  )

const ofRing = 'tenant = $1 and repository = $2 and solution = $3 and ring = $4'

/**
 * Rings, their pointers and their locks in PostgreSQL.
 *
 * @param now - by which locks expire
 */
export function ringRecords(queries: TenantQueries, now: EpochMs): RingRecords {
  return {
    lock: async (key, environment) => {
      confirmTenant(queries, key)
      const { repository, solution, ring } = key
      // One statement makes it or takes the lock of its row, and then gives what the last one who held it left there.
      const { sql, values } = insertStatement(
        'ring',
        { repository, solution, ring, environment },
        `on conflict (tenant, repository, solution, ring) do update set environment = excluded.environment returning *`,
      )
      const [locked] = await queries.query(ringShape, sql, values)
      if (locked === undefined) throw new TypeError('an upsert that returns its row returned none')
      return locked
    },
    read: async key => {
      confirmTenant(queries, key)
      const [found] = await queries.query(ringShape, `select * from ring where ${ofRing}`, placeOf(key))
      return found
    },
    list: repository =>
      queries.query(ringShape, 'select * from ring where tenant = $1 and repository = $2 order by solution, ring', [
        repository,
      ]),
    point: async (key, pointer) => {
      confirmTenant(queries, key)
      const sql = `update ring set deployment = $5, revision = $6 where ${ofRing} and revision = $6 - 1`
      const written = await queries.execute(sql, [...placeOf(key), pointer.deployment, pointer.revision])
      if (written === 0) throw stalePointer(key, pointer.revision)
    },
    setLifecycle: async ({ tenant, repository, solution, ring }, lifecycle) => {
      confirmTenant(queries, { tenant, repository })
      await updateRow(queries, 'ring', { key: { repository, solution, ring }, row: { lifecycle } })
    },
    locks: repository => {
      const sql = `select * from ring_lock where tenant = $1 and repository = $2 and (until is null or until > $3)
        order by solution nulls first, ring`
      return queries.query(lockShape, sql, [repository, dateOf(now)])
    },
    setLock: async (repository, place, lock) => {
      const { solution, ring } = place ?? {}
      if (lock === undefined) {
        const sql = `delete from ring_lock where tenant = $1 and repository = $2
          and solution is not distinct from $3 and ring is not distinct from $4`
        await queries.execute(sql, [repository, solution, ring])
        return
      }
      const row = {
        by_id: lock.by.id,
        by_login: lock.by.login,
        reason: lock.reason,
        since: dateOf(lock.since),
        until: dateOf(lock.until),
        pull_request: lock.pullRequest,
      }
      const sets = Object.keys(row).map(column => `${column} = excluded.${column}`)
      await insertRow(queries, 'ring_lock', {
        row: { repository, solution, ring, ...row },
        more: `on conflict (tenant, repository, solution, ring) do update set ${sets.join(', ')}`,
      })
    },
  }
}

function placeOf({ repository, solution, ring }: RingKey): readonly unknown[] {
  return [repository, solution, ring]
}

function stalePointer({ solution, ring }: RingKey, revision: number): RingwayError {
  return new RingwayError({
    code: 'pointer_moved',
    message: `The pointer of ${solution}/${ring} was to move to revision ${revision}, and it is not at the one before.`,
    remedy: 'Lock the ring, look at its pointer, and decide again.',
    facts: { solution, ring, revision },
  })
}
