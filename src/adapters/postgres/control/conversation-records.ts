import * as z from 'zod'
import type { ConversationRecord, ConversationRecords } from '../../../ports/control-store.ts'
import { absent, commit, dateOf, digest, instant, whole } from './columns.ts'
import { insertStatement, updateRow } from './row-statements.ts'
import { storableJson } from './storable.ts'
import { confirmTenant, type TenantQueries } from './tenant-queries.ts'

const shape = z
  .object({
    tenant: whole,
    repository: whole,
    issue: whole,
    comment: absent(whole),
    head_commit: absent(commit),
    head_seq: absent(whole),
    shown: z.record(z.string(), digest),
    shown_at: absent(instant),
    answer: absent(z.string()),
  })
  .transform(
    ({ head_commit: head, head_seq: seq, shown_at: shownAt, ...row }): ConversationRecord => ({
      ...row,
      shownAt,
      head: head === undefined || seq === undefined ? undefined : { commit: head, seq },
    }),
  )

/** Conversations with people in PostgreSQL. */
export function conversationRecords(queries: TenantQueries): ConversationRecords {
  return {
    lock: async (repository, issue) => {
      const { sql, values } = insertStatement(
        'conversation',
        { repository, issue },
        'on conflict (tenant, repository, issue) do update set issue = excluded.issue returning *',
      )
      const [locked] = await queries.query(shape, sql, values)
      if (locked === undefined) throw new TypeError('an upsert that returns its row returned none')
      return locked
    },
    read: async (repository, issue) => {
      const sql = 'select * from conversation where tenant = $1 and repository = $2 and issue = $3'
      const [found] = await queries.query(shape, sql, [repository, issue])
      return found
    },
    save: async record => {
      confirmTenant(queries, record)
      const { repository, issue, comment, head, shown, shownAt, answer } = record
      await updateRow(queries, 'conversation', {
        key: { repository, issue },
        row: {
          comment,
          head_commit: head?.commit,
          head_seq: head?.seq,
          shown: storableJson(shown),
          shown_at: dateOf(shownAt),
          answer,
        },
      })
    },
  }
}
