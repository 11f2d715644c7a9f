import type { PromotionQuery, PromotionRecords } from '../../../ports/control-store.ts'
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
      const { conditions, values } = conditionsOf(query)
      const sql = `select * from promotion where ${['tenant = $1', ...conditions].join(' and ')}
        order by seq desc limit $${values.length + 2}`
      return queries.query(promotionShape, sql, [...values, query.limit ?? 50])
    },
  }
}

/** Only what is asked for stands in the statement, so that each way to ask has the plan of its index. */
function conditionsOf(query: PromotionQuery): { readonly conditions: string[]; readonly values: unknown[] } {
  const asked = [
    { value: query.repository, condition: (place: string) => `repository = ${place}` },
    { value: query.solution, condition: (place: string) => `solution = ${place}` },
    { value: query.ring, condition: (place: string) => `ring = ${place}` },
    { value: query.run, condition: (place: string) => `run = ${place}` },
    { value: query.pullRequest, condition: (place: string) => `pull_request = ${place}` },
    { value: query.commit, condition: (place: string) => `commit = ${place}` },
    {
      value: query.before,
      condition: (place: string) => `seq < (select seq from promotion where tenant = $1 and id = ${place})`,
    },
  ].filter(({ value }) => value !== undefined)
  const conditions = asked.map(({ condition }, index) => condition(`$${index + 2}`))
  return {
    conditions: query.open === true ? [...conditions, isOpen] : conditions,
    values: asked.map(({ value }) => value),
  }
}
