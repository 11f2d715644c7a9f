import type { PromotionRecords } from '../../../ports/control-store.ts'
import { conditionsOf } from './conditions.ts'
import { promotionRow, promotionShape } from './promotion-row.ts'
import { insertRow, updateRow } from './row-statements.ts'
import { confirmTenant, type TenantQueries } from './tenant-queries.ts'

const isOpen = `state in ('requested', 'gated', 'authorised', 'dispatched')`

/** Promotions in PostgreSQL. */
export function promotionRecords(queries: TenantQueries): PromotionRecords {
  return {
    add: async promotion => {
      confirmTenant(queries, promotion.key)
      const { repository, solution, ring } = promotion.key
      await insertRow(queries, 'promotion', {
        row: { id: promotion.id, repository, solution, ring, ...promotionRow(promotion) },
      })
    },
    save: async promotion => {
      confirmTenant(queries, promotion.key)
      const { repository, solution, ring } = promotion.key
      const key = { id: promotion.id, repository, solution, ring }
      await updateRow(queries, 'promotion', { key, row: promotionRow(promotion) })
    },
    read: async id => {
      const [found] = await queries.query(promotionShape, 'select * from promotion where tenant = $1 and id = $2', [id])
      return found
    },
    open: async key => {
      confirmTenant(queries, key)
      const sql = `select * from promotion
        where tenant = $1 and repository = $2 and solution = $3 and ring = $4 and ${isOpen} order by seq`
      return queries.query(promotionShape, sql, [key.repository, key.solution, key.ring])
    },
    find: async query => {
      const { where, values } = conditionsOf(
        {
          'repository = ?': query.repository,
          'solution = ?': query.solution,
          'ring = ?': query.ring,
          'run = ?': query.run,
          'pull_request = ?': query.pullRequest,
          'commit = ?': query.commit,
          'seq < (select seq from promotion where tenant = $1 and id = ?)': query.before,
        },
        3,
      )
      const sql = `select * from promotion where ${where} ${query.open === true ? `and ${isOpen}` : ''}
        order by seq desc limit $2`
      return queries.query(promotionShape, sql, [query.limit ?? 50, ...values])
    },
  }
}
