import type { Pool, PoolConfig } from 'pg'
import type { z } from 'zod'

/** What can be asked of the database, inside a transaction or by itself. Tables are found without naming their schema. */
export interface Queries {
  /** @returns the rows, each decoded by `shape`; `bigint` columns are numbers, `timestamptz` columns are dates */
  query<Shape extends z.ZodType>(shape: Shape, sql: string, values?: readonly unknown[]): Promise<z.output<Shape>[]>

  /** @returns how many rows were written */
  execute(sql: string, values?: readonly unknown[]): Promise<number>
}

/** Statements that take effect together or not at all. */
export interface Transaction extends Queries {
  readonly schema: string
}

/** How a transaction is to be run. */
export interface TransactionOptions {
  /** @default 'read committed' */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
}

/** The App's store. */
export interface Database extends Queries {
  readonly pool: Pool
  /** For clients of their own, such as that of a LISTEN: to the same database with the same settings. */
  readonly connection: PoolConfig
  readonly schema: string

  /**
   * Runs `work` in a transaction, which is run again from the start when it met another one: `work` may therefore change nothing but the database.
   * It must not wait for anything outside: after 5 s of silence the database ends the transaction and frees its locks.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>

  /** Closes all connections; the embedded server is stopped unless another App uses it. */
  close(): Promise<void>
}
