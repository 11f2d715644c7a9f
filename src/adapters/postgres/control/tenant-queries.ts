import { z } from 'zod'
import type { RepositoryKey } from '../../../domain/ring-key.ts'
import { RingwayError } from '../../../domain/ringway-error.ts'
import type { Transaction } from '../database.ts'
import { storableText } from './storable.ts'

/**
 * Statements about one tenant: `$1` is always the tenant, what a caller gives begins with `$2`. A statement that does not use `$1` is refused by
 * PostgreSQL, and one that uses it wrongly meets the policies of the tables.
 */
export interface TenantQueries {
  readonly tenant: number

  /** @throws {RingwayError} `database_incompatible` when a row is not of this shape */
  query<Shape extends z.ZodType>(shape: Shape, sql: string, values?: readonly unknown[]): Promise<z.output<Shape>[]>

  /** @returns how many rows were written */
  execute(sql: string, values?: readonly unknown[]): Promise<number>
}

/** The one way in which the records of a tenant are asked for and written. */
export function tenantQueries(tx: Transaction, tenant: number): TenantQueries {
  const scoped = (values: readonly unknown[] = []): readonly unknown[] => [
    tenant,
    ...values.map(value => (typeof value === 'string' ? storableText(value) : value)),
  ]
  return {
    tenant,
    query: async (shape, sql, values) => {
      try {
        return await tx.query(shape, sql, scoped(values))
      } catch (error) {
        throw error instanceof z.ZodError ? notUnderstood(error) : error
      }
    },
    execute: (sql, values) => tx.execute(sql, scoped(values)),
  }
}

/** A transaction that is asked about another tenant is a mistake of its caller, whatever the answer would be. */
export function confirmTenant(queries: TenantQueries, key: RepositoryKey): void {
  if (key.tenant !== queries.tenant)
    throw new RangeError(`A transaction of tenant ${queries.tenant} was asked about tenant ${key.tenant}.`)
}

/** @throws {RangeError} when no row was written: what was to be saved is not there, or not of this tenant */
export function confirmWritten(written: number, what: string): void {
  if (written === 0) throw new RangeError(`There is no ${what} that could be saved.`)
}

function notUnderstood(error: z.ZodError): RingwayError {
  return new RingwayError({
    code: 'database_incompatible',
    message: `The database holds a record that this version of Ringway does not understand: ${z.prettifyError(error).replaceAll('\n', ' ')}`,
    remedy: 'Run the version of Ringway that wrote it, or a later one, on all replicas.',
    cause: error,
  })
}
