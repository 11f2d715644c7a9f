import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditRecords } from '../../src/adapters/postgres/audit-log.ts'
import { enterTenant } from '../../src/adapters/postgres/control/enter-tenant.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'
import { testDatabaseUrl } from '../support/postgres.ts'
import { ringway } from './ringway-program.ts'

let directory: string
let admin: Client
let url: string
let database: Database
const name = `audit_${randomBytes(6).toString('hex')}`

/** A database of its own: the program looks where the App would. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'audit-'))
  const server = await testDatabaseUrl()
  admin = new Client(server)
  await admin.connect()
  await admin.query(`create database ${name}`)
  url = server.replace(/^(postgres(?:ql)?:\/\/[^/]*)\/[^?]*/, `$1/${name}`)
  database = await openDatabase({ url })
})
afterAll(async () => {
  await database.close()
  await admin.query(`drop database ${name} with (force)`)
  await admin.end()
  await rm(directory, { recursive: true })
})

async function append(tenant: number, count: number): Promise<void> {
  await database.transaction(async tx => {
    const log = auditRecords(tx, { tenant, now: await enterTenant(tx, tenant) })
    for (let number = 1; number <= count; number += 1) {
      await log.append({
        actor: { id: 42, login: 'alice' },
        cause: { kind: 'api', id: String(number) },
        action: 'lock.taken',
        subject: `${tenant}/99/support/staging`,
        before: null,
        after: { number },
      })
    }
  })
}

const verify = (...options: string[]): ReturnType<typeof ringway> =>
  ringway(directory, ['audit', 'verify', ...options], { DATABASE_URL: url })

describe('[M18+] ringway audit verify', () => {
  it('says of a log without entries that it has none', async () => {
    expect(await verify()).toMatchObject({ code: 0, out: 'The audit log has no entries yet.\n' })
  })

  it('says how many entries each installation has, and where they end', async () => {
    await append(7, 3)
    await append(8, 1)
    const { code, out } = await verify()
    expect(code).toBe(0)
    expect(out).toMatch(
      /^Installation 7: 3 entries, whole; its head is [0-9a-f]{64}\nInstallation 8: 1 entry, whole; its head is [0-9a-f]{64}\n$/,
    )
    expect((await verify('--json')).json()).toMatchObject({ ok: true, tenants: [{ tenant: 7, entries: 3 }, {}] })
  })

  it('F104: names the first entry that was changed by SQL, and the answer is no', async () => {
    await database.execute('drop trigger audit_entry_stays on audit_entry')
    await database.execute("update audit_entry set actor_login = 'bob' where tenant = 7 and seq >= 2")
    const { code, out } = await verify()
    expect(code).toBe(1)
    expect(out).toContain('Installation 7: broken at entry 2. Entry 2 hashes to ')
    expect(out).toContain('Installation 8: 1 entry, whole')
    expect((await verify('--json')).json()).toMatchObject({
      ok: false,
      reason_code: 'audit_chain_broken',
      tenants: [{ tenant: 7, broken_seq: 2, differs: 'contents' }, { tenant: 8 }],
    })
  })

  it('founds no database where there is none', async () => {
    const ended = await ringway(directory, ['audit', 'verify'], { DATABASE_URL: '' })
    expect(ended.code).toBe(2)
    expect(ended.err).toContain('Set DATABASE_URL or RINGWAY_DATA as they are set for the App.')
    expect(await readdir(directory)).toEqual([])
  })
})
