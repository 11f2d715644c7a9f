import { createHash } from 'node:crypto'
import * as z from 'zod'
import { type ChainVerdict, type Sha256, sealEntry, verifyChain } from '../../domain/audit/audit-chain.ts'
import { type AuditEntry, type AuditHead, type AuditRecord, emptyChain } from '../../domain/audit/audit-entry.ts'
import { repositorySubject } from '../../domain/audit/audit-subject.ts'
import type { EpochMs } from '../../domain/units.ts'
import type { AuditRecords } from '../../ports/control-store.ts'
import { instant, whole } from './control/columns.ts'
import { enterTenant } from './control/enter-tenant.ts'
import { storableJson, storableText } from './control/storable.ts'
import { type TenantQueries, tenantQueries } from './control/tenant-queries.ts'
import type { Database, Transaction } from './database.ts'

const sha256: Sha256 = text => createHash('sha256').update(text).digest('hex')

const head = z.object({ seq: whole, hash: z.string() })

const causeKinds = ['delivery', 'comment', 'button', 'session', 'api', 'run', 'system'] as const

const entry = z
  .object({
    tenant: whole,
    seq: whole,
    prev_hash: z.string(),
    hash: z.string(),
    at: instant,
    actor_id: whole,
    actor_login: z.string(),
    cause_kind: z.enum(causeKinds),
    cause_id: z.string(),
    action: z.string(),
    subject: z.string(),
    before: z.json(),
    after: z.json(),
  })
  .transform(
    ({ prev_hash: prevHash, actor_id: id, actor_login: login, cause_kind, cause_id, ...rest }): AuditEntry => ({
      ...rest,
      prevHash,
      actor: { id, login },
      cause: { kind: cause_kind, id: cause_id },
    }),
  )

/**
 * The audit log of one tenant, as a transaction appends to it. From the first entry on to its end the transaction holds the tenant's chain: others
 * that append wait.
 */
export function auditRecords(
  tx: Transaction,
  { tenant, now }: { readonly tenant: number; readonly now: EpochMs },
): AuditRecords {
  const queries = tenantQueries(tx, tenant)
  let previous: AuditHead | undefined
  return {
    async append(record) {
      previous ??= await lockHead(queries)
      const sealed = sealEntry({ tenant, previous }, { ...storable(record), at: now }, sha256)
      await write(queries, sealed)
      previous = { seq: sealed.seq, hash: sealed.hash }
    },
    list: (repository, { before, limit }) => {
      const sql = `select * from audit_entry where tenant = $1 and split_part(subject, ':', 1) = $2
        and ($3::bigint is null or seq < $3) order by seq desc limit $4`
      return queries.query(entry, sql, [repositorySubject({ repository }), before, limit])
    },
  }
}

/** What is hashed is what the database will give back. */
function storable(record: Omit<AuditRecord, 'at'>): Omit<AuditRecord, 'at'> {
  const { actor, cause, action, subject, before, after } = record
  return {
    actor: { id: actor.id, login: storableText(actor.login) },
    cause: { kind: cause.kind, id: storableText(cause.id) },
    action: storableText(action),
    subject: storableText(subject),
    before: z.json().parse(JSON.parse(storableJson(before))),
    after: z.json().parse(JSON.parse(storableJson(after))),
  }
}

async function lockHead(queries: TenantQueries): Promise<AuditHead> {
  const sql = `insert into audit_head (tenant, seq, hash) values ($1, $2, $3)
    on conflict (tenant) do update set seq = audit_head.seq returning seq, hash`
  const [locked] = await queries.query(head, sql, [emptyChain.seq, emptyChain.hash])
  if (locked === undefined) throw new TypeError('the head of an audit log that was just written is not there')
  return locked
}

async function write(queries: TenantQueries, sealed: AuditEntry): Promise<void> {
  const { seq, prevHash, hash, at, actor, cause, action, subject, before, after } = sealed
  const values = [seq, prevHash, hash, new Date(at), actor.id, actor.login, cause.kind, cause.id, action, subject]
  await queries.execute(
    `with entry as (
      insert into audit_entry (tenant, seq, prev_hash, hash, at, actor_id, actor_login, cause_kind, cause_id, action, subject, before, after)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning seq, hash
    )
    update audit_head set seq = entry.seq, hash = entry.hash from entry where audit_head.tenant = $1`,
    [...values, JSON.stringify(before), JSON.stringify(after)],
  )
}

/** Entries of a page. */
const pageSize = 1_000

/**
 * Reads a tenant's entries in their order, page by page.
 *
 * @param range - `after`: from the one behind this number on
 */
export async function* readAuditEntries(
  tx: Transaction,
  range: { readonly tenant: number; readonly after?: number },
): AsyncGenerator<AuditEntry> {
  const queries = tenantQueries(tx, range.tenant)
  const sql = 'select * from audit_entry where tenant = $1 and seq > $2 order by seq limit $3'
  for (let after = range.after ?? 0; ; ) {
    const page = await queries.query(entry, sql, [after, pageSize])
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = last.seq
  }
}

/** The tenants that have an audit log, or a repository and so ought to have one. */
export async function auditedTenants(database: Database): Promise<readonly number[]> {
  const sql = 'select tenant from audit_head union select tenant from repository_directory order by tenant'
  const found = await database.query(z.object({ tenant: whole }), sql)
  return found.map(({ tenant }) => tenant)
}

/** Reads a tenant's whole chain as it stands at one moment, while others go on appending. */
export async function verifyAuditLog(database: Database, tenant: number): Promise<ChainVerdict> {
  return await database.transaction(
    async tx => {
      await enterTenant(tx, tenant)
      const queries = tenantQueries(tx, tenant)
      const [end = emptyChain] = await queries.query(head, 'select seq, hash from audit_head where tenant = $1')
      return await verifyChain({ tenant, entries: readAuditEntries(tx, { tenant }), head: end }, sha256)
    },
    { isolation: 'repeatable read' },
  )
}
