import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { auditedTenants, verifyAuditLog } from '../adapters/postgres/audit-log.ts'
import { type DatabaseSource, openDatabase } from '../adapters/postgres/open-database.ts'
import type { ChainVerdict } from '../domain/audit/audit-chain.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import { verifyThroughApp } from './app/audit.ts'
import { exitCodes } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

/** `ringway audit verify`: whether every entry of the audit log is the one that was written. */
export async function verifyAudit(
  terminal: Terminal,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  if (isThroughApp(environment)) return await verifyThroughApp(terminal)
  const database = await openDatabase(databaseSource(environment))
  try {
    const verdicts: { readonly tenant: number; readonly verdict: ChainVerdict }[] = []
    for (const tenant of await auditedTenants(database)) {
      const verdict = await verifyAuditLog(database, tenant)
      verdicts.push({ tenant, verdict })
      terminal.say(verdictLine(tenant, verdict))
    }
    if (verdicts.length === 0) terminal.say('The audit log has no entries yet.')
    const broken = verdicts.some(({ verdict }) => verdict.kind === 'broken')
    if (broken)
      terminal.say('Restore the database from a backup beside this one, and compare the entries from there on.')
    terminal.result({
      ok: !broken,
      reason_code: broken ? 'audit_chain_broken' : 'ok',
      tenants: verdicts.map(({ tenant, verdict }) => ({ tenant, ...verdictFacts(verdict) })),
    })
    return broken ? exitCodes.no : exitCodes.ok
  } finally {
    await database.close()
  }
}

/** On the App's own machine, where its variables are set, the log itself is read: an App that lies about it would be believed otherwise. */
function isThroughApp(environment: Readonly<Record<string, string | undefined>>): boolean {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== ''
  return isSet('RINGWAY_URL') && !isSet('DATABASE_URL') && !isSet('RINGWAY_DATA')
}

function verdictLine(tenant: number, verdict: ChainVerdict): string {
  if (verdict.kind === 'broken') return `Installation ${tenant}: broken at entry ${verdict.seq}. ${verdict.words}`
  const { entries, head } = verdict
  return `Installation ${tenant}: ${entries} ${entries === 1 ? 'entry' : 'entries'}, whole; its head is ${head.hash}`
}

function verdictFacts(verdict: ChainVerdict): Record<string, unknown> {
  return verdict.kind === 'whole'
    ? { entries: verdict.entries, head: verdict.head.hash }
    : { broken_seq: verdict.seq, differs: verdict.differs, message: verdict.words }
}

/** Where the App keeps its log, by the variables that the App itself is given. Nothing is founded here: a new database would have no entries. */
function databaseSource(environment: Readonly<Record<string, string | undefined>>): DatabaseSource {
  const url = environment['DATABASE_URL'] ?? ''
  if (url !== '') return { url }
  const data = environment['RINGWAY_DATA'] ?? ''
  const embedded = join(resolve(data === '' ? '.ringway' : data), 'postgres')
  if (existsSync(embedded)) return { embedded }
  throw new RingwayError({
    code: 'input_invalid',
    message: `There is no database of the App at ${embedded}, and DATABASE_URL is not set.`,
    remedy: 'Set DATABASE_URL or RINGWAY_DATA as they are set for the App. Elsewhere set RINGWAY_URL, to ask the App.',
  })
}
