import { confirmWritten, type TenantQueries } from './tenant-queries.ts'

/** Values by column; undefined is NULL. Tables and columns are names of this program, never of people. */
export type Row = Readonly<Record<string, unknown>>

/**
 * `insert into <table> …`, with the tenant.
 *
 * @param more - what follows: `on conflict …`, `returning …`
 */
export function insertStatement(
  table: string,
  row: Row,
  more = '',
): { readonly sql: string; readonly values: unknown[] } {
  const columns = Object.keys(row)
  const places = columns.map((_, index) => `$${index + 2}`)
  return {
    sql: `insert into ${table} (${['tenant', ...columns].join(', ')}) values (${['$1', ...places].join(', ')}) ${more}`,
    values: Object.values(row),
  }
}

/** @returns how many rows were written */
export async function insertRow(
  queries: TenantQueries,
  table: string,
  { row, more }: { readonly row: Row; readonly more?: string },
): Promise<number> {
  const { sql, values } = insertStatement(table, row, more)
  return queries.execute(sql, values)
}

/**
 * Writes a row that is there.
 *
 * @param change - `key`: which one
 * @throws {RangeError} when it is not there
 */
export async function updateRow(
  queries: TenantQueries,
  table: string,
  change: { readonly key: Row; readonly row: Row },
): Promise<void> {
  const columns = Object.keys(change.row)
  const sets = columns.map((column, index) => `${column} = $${index + 2}`)
  const keys = Object.keys(change.key).map((column, index) => `${column} = $${columns.length + index + 2}`)
  const sql = `update ${table} set ${sets.join(', ')} where ${['tenant = $1', ...keys].join(' and ')}`
  const written = await queries.execute(sql, [...Object.values(change.row), ...Object.values(change.key)])
  confirmWritten(written, `${table} ${Object.values(change.key).join('/')}`)
}
