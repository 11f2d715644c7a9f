import { onTestFinished } from 'vitest'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { openWorkQueue, type PostgresWorkQueue } from '../../src/adapters/postgres/work-queue.ts'

/** The queue of a test's database: it is stopped when the test has ended, before its database is closed. */
export async function openTestQueue(database: Database): Promise<PostgresWorkQueue> {
  const troubles: string[] = []
  const queue = await openWorkQueue({ database, report: line => troubles.push(line) })
  onTestFinished(async ({ task }) => {
    await queue.stop()
    if (task.result?.state === 'fail' && troubles.length > 0) process.stderr.write(`${troubles.join('\n')}\n`)
  })
  return queue
}
