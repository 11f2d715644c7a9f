import * as z from 'zod'
import type { ChainVerdict } from '../../../src/domain/audit/audit-chain.ts'
import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import { cursorOf, cutPage, nextPath, pageOf, pageQuery } from '../page.ts'
import { instant } from '../resources/instant.ts'
import { person } from '../resources/person.ts'
import {
  exampleRepository,
  ofRepository,
  repositoryKeyOf,
  repositoryPath,
  repositoryPlaces,
} from '../resources/places.ts'
import { type ApiRoute, adminRoute, noBody } from '../route.ts'

/** Reads a tenant's whole audit log. */
export type VerifyAudit = (tenant: number) => Promise<ChainVerdict>

const entry = z.object({
  seq: z.int(),
  at: instant,
  actor: person,
  cause: z.object({ kind: z.string(), id: z.string() }),
  action: z.string(),
  subject: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  prev_hash: z.string(),
  hash: z.string(),
})

const chain = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('whole'), entries: z.int(), head: z.string() }),
  z.object({ kind: z.literal('broken'), seq: z.int(), differs: z.string(), words: z.string() }),
])

/** Where a page begins: before this entry. */
const cursor = cursorOf(z.object({ before: z.int() }))

/**
 * `GET …/audit`: who did what in a repository. The chain is the installation's: its hashes are compared with those of all its repositories, of whose
 * entries nothing else is shown.
 */
export function auditRoute(control: ControlPorts, verify: VerifyAudit): ApiRoute {
  return adminRoute({
    id: 'listAudit',
    method: 'GET',
    path: `${ofRepository}/audit`,
    summary: 'Who did what in a repository, the newest first.',
    params: repositoryPlaces,
    query: z.strictObject({
      ...pageQuery,
      verify: z.enum(['true', 'false']).default('false').describe('Whether every entry is the one that was written.'),
    }),
    body: noBody,
    answer: pageOf(entry).extend({ chain: chain.nullable().describe('The verdict; null unless it was asked for.') }),
    example: { params: exampleRepository, query: { verify: 'true' }, body: undefined },
    async handle({ who, query: { limit, cursor: from, verify: asked } }) {
      const key = repositoryKeyOf(who)
      const found = await control.store.transaction(key, tx =>
        tx.audit.list(key.repository, { before: cursor.read(from)?.before, limit: limit + 1 }),
      )
      const { rows, last } = cutPage(found, limit)
      const path = `${repositoryPath(who.repository)}/audit`
      return {
        items: rows.map(presentEntry),
        next: last === undefined ? null : nextPath(path, { cursor: cursor.write({ before: last.seq }), limit }),
        chain: asked === 'true' ? presentVerdict(await verify(key.tenant)) : null,
      }
    },
  })
}

function presentEntry(found: AuditEntry): z.output<typeof entry> {
  return { ...found, prev_hash: found.prevHash }
}

function presentVerdict(verdict: ChainVerdict): z.output<typeof chain> {
  return verdict.kind === 'whole' ? { ...verdict, head: verdict.head.hash } : verdict
}
