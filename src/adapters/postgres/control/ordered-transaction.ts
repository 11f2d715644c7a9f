import type { Transaction } from '../database.ts'

/** A transaction whose statements wait for each other, and end with it. */
export interface OrderedTransaction extends Transaction {
  /** From now on every statement is refused. */
  end(): void
}

/**
 * Puts the statements of callers that ask for several things at once in a row, as one connection does. Where one of them fails, the others must not
 * come after the rollback: they would be statements of their own then, of whoever uses the connection next, and above the policies of the tables.
 */
export function orderedTransaction(tx: Transaction): OrderedTransaction {
  let last: Promise<unknown> = Promise.resolve()
  let hasEnded = false
  const inTurn = <T>(statement: () => Promise<T>): Promise<T> => {
    const answer = last.then(() => {
      if (hasEnded) throw new TypeError('A statement came after the end of its transaction.')
      return statement()
    })
    last = answer.catch(() => undefined)
    return answer
  }
  return {
    schema: tx.schema,
    query: (shape, sql, values) => inTurn(() => tx.query(shape, sql, values)),
    execute: (sql, values) => inTurn(() => tx.execute(sql, values)),
    end: () => {
      hasEnded = true
    },
  }
}
