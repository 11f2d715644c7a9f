import { describe, expect, it } from 'vitest'
import {
  auditedTenants,
  auditRecords,
  readAuditEntries,
  verifyAuditLog,
} from '../../../src/adapters/postgres/audit-log.ts'
import { enterTenant } from '../../../src/adapters/postgres/control/enter-tenant.ts'
import type { Database, Transaction } from '../../../src/adapters/postgres/database.ts'
import type { AuditEntry, AuditRecord } from '../../../src/domain/audit/audit-entry.ts'
import { collect } from '../../support/collect.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const record = (number: number): Omit<AuditRecord, 'at'> => ({
  actor: { id: 42, login: 'alice' },
  cause: { kind: 'comment', id: String(number) },
  action: 'promotion.requested',
  subject: '7/99/support/staging',
  before: null,
  after: { version: `v${number}`, ratio: 0.1, big: 2 ** 50, gates: ['soak', null, { until: 1e21 }] },
})

function inTenant<T>(
  database: Database,
  tenant: number,
  work: (tx: Transaction, append: (number: number) => Promise<void>) => Promise<T>,
): Promise<T> {
  return database.transaction(async tx => {
    const now = await enterTenant(tx, tenant)
    const log = auditRecords(tx, { tenant, now })
    return await work(tx, number => log.append(record(number)))
  })
}

async function append(database: Database, tenant: number, count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) await inTenant(database, tenant, (_, add) => add(number))
}

async function entriesOf(database: Database, tenant: number): Promise<AuditEntry[]> {
  return await inTenant(database, tenant, tx => collect(readAuditEntries(tx, { tenant })))
}

describe('[M18+] the audit log', () => {
  it('gives back what was appended, as a chain that is whole', async () => {
    const database = await openTestDatabase()
    await append(database, 7, 3)
    await inTenant(database, 7, async (_, add) => {
      await add(4)
      await add(5)
    })
    const entries = await entriesOf(database, 7)
    expect(entries).toMatchObject([1, 2, 3, 4, 5].map(seq => ({ ...record(seq), seq, tenant: 7 })))
    expect(await verifyAuditLog(database, 7)).toMatchObject({ kind: 'whole', entries: 5, head: { seq: 5 } })
  })

  it('keeps what people typed, whatever it is, and is still whole', async () => {
    const database = await openTestDatabase()
    const odd = { ...record(1), subject: 'a\0b\ud800', after: { ['\0']: '\udfff', __proto__x: -0, 日本: '🚀' } }
    await database.transaction(async tx => {
      const now = await enterTenant(tx, 7)
      await auditRecords(tx, { tenant: 7, now }).append(odd)
    })
    expect(await verifyAuditLog(database, 7)).toMatchObject({ kind: 'whole', entries: 1 })
  })

  it('has nothing of a transaction that failed, and no gap', async () => {
    const database = await openTestDatabase()
    await append(database, 7, 1)
    const failed = inTenant(database, 7, async (_, add) => {
      await add(2)
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    await append(database, 7, 1)
    expect(await verifyAuditLog(database, 7)).toMatchObject({ kind: 'whole', entries: 2 })
  })

  it('is one chain when many append at once, and another one for each tenant', async () => {
    const database = await openTestDatabase()
    await Promise.all(
      Array.from({ length: 24 }, (_, number) => inTenant(database, 7 + (number % 2), (_tx, add) => add(number))),
    )
    expect(await auditedTenants(database)).toEqual([7, 8])
    for (const tenant of [7, 8]) {
      expect(await verifyAuditLog(database, tenant)).toMatchObject({ kind: 'whole', entries: 12 })
      expect((await entriesOf(database, tenant)).every(entry => entry.tenant === tenant)).toBe(true)
    }
  })

  it('is read in pages, from any entry on', async () => {
    const database = await openTestDatabase()
    await inTenant(database, 7, async (_, add) => {
      for (let number = 1; number <= 1_001; number += 1) await add(number)
    })
    expect(await verifyAuditLog(database, 7)).toMatchObject({ kind: 'whole', entries: 1_001 })
    const rest = await inTenant(database, 7, tx => collect(readAuditEntries(tx, { tenant: 7, after: 999 })))
    expect(rest.map(({ seq }) => seq)).toEqual([1_000, 1_001])
  })

  it('of a tenant without entries is whole', async () => {
    const database = await openTestDatabase()
    expect(await auditedTenants(database)).toEqual([])
    expect(await verifyAuditLog(database, 7)).toMatchObject({ kind: 'whole', entries: 0 })
  })
})

const refused = [
  'update audit_entry set actor_login = $$bob$$',
  'update audit_entry set actor_login = $$bob$$ where false',
  'delete from audit_entry where seq = 2',
  'truncate audit_entry',
  'delete from audit_head',
  'truncate audit_head',
  'update audit_head set seq = 1',
  "update audit_head set hash = 'x'",
  'update audit_head set tenant = 9',
]

/** What somebody may change of the chain of tenant $T once the triggers are off, and where that is found. */
const forgeries = [
  { what: 'who did it', sql: "update audit_entry set actor_login = 'bob' where tenant = $T and seq = 2", seq: 2 },
  { what: 'when', sql: "update audit_entry set at = at + interval '1 ms' where tenant = $T and seq = 3", seq: 3 },
  { what: 'what', sql: `update audit_entry set after = '{"version":"v9"}' where tenant = $T and seq = 1`, seq: 1 },
  { what: 'an entry goes', sql: 'delete from audit_entry where tenant = $T and seq = 2', seq: 2 },
  { what: 'the last one goes', sql: 'delete from audit_entry where tenant = $T and seq = 4', seq: 4 },
  { what: 'all go', sql: 'delete from audit_entry where tenant = $T', seq: 1 },
  { what: 'all go with the head', sql: 'delete from audit_head where tenant = $T', seq: 1 },
  {
    what: 'one goes and the numbers are closed',
    sql: `delete from audit_entry where tenant = $T and seq = 2; update audit_entry set seq = seq - 1 where tenant = $T and seq > 2;
      update audit_head set seq = 3 where tenant = $T`,
    seq: 2,
  },
  {
    what: 'the end is written anew',
    sql: `update audit_entry set action = 'nothing', hash = repeat('f', 64) where tenant = $T and seq = 4;
      update audit_head set hash = repeat('f', 64) where tenant = $T`,
    seq: 4,
  },
  {
    what: "another tenant's stands in its place",
    sql: `delete from audit_entry where tenant = $T;
      insert into audit_entry select $T, seq, prev_hash, hash, at, actor_id, actor_login, cause_kind, cause_id, action, subject, before, after
        from audit_entry where tenant = 1`,
    seq: 1,
  },
]

describe('[M18+] F104: whoever can write SQL', () => {
  it('F104: may not change an entry, remove one, or set the head back', async () => {
    const database = await openTestDatabase()
    await append(database, 7, 3)
    for (const sql of refused) {
      const message = 'appended to and never changed'
      await expect(
        inTenant(database, 7, tx => tx.execute(sql)),
        sql,
      ).rejects.toThrow(message)
      await expect(database.execute(sql), sql).rejects.toThrow(message)
    }
    expect(await verifyAuditLog(database, 7)).toMatchObject({ kind: 'whole', entries: 3 })
  })

  it('F104: is found out, with the first entry that is not what it was, when the triggers were taken off', async () => {
    const database = await openTestDatabase()
    await append(database, 1, 4)
    await database.execute('alter table audit_entry disable trigger all; alter table audit_head disable trigger all')
    const found: Record<string, unknown> = {}
    for (const [index, { what, sql }] of forgeries.entries()) {
      const tenant = 100 + index
      await append(database, tenant, 4)
      await database.execute(sql.replaceAll('$T', String(tenant)))
      found[what] = await verifyAuditLog(database, tenant)
    }
    const broken = (seq: number): unknown => expect.objectContaining({ kind: 'broken', seq })
    expect(found).toEqual(Object.fromEntries(forgeries.map(({ what, seq }) => [what, broken(seq)])))
    expect(await verifyAuditLog(database, 1)).toMatchObject({ kind: 'whole', entries: 4 })
  })
})
