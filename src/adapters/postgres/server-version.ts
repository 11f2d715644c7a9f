import { z } from 'zod'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { Queries } from './database.ts'

/** The oldest major version whose syntax and behaviour the statements keep to. */
const oldest = 15

/** @throws {RingwayError} `database_incompatible` when the server is too old */
export async function checkServerVersion(database: Queries): Promise<void> {
  const shape = z.object({ number: z.number(), name: z.string() })
  const sql = `select current_setting('server_version_num')::int as number, current_setting('server_version') as name`
  const [version] = await database.query(shape, sql)
  if (version === undefined || version.number >= oldest * 10_000) return
  throw new RingwayError({
    code: 'database_incompatible',
    message: `Ringway needs PostgreSQL ${oldest} or later, and this one is ${version.name}.`,
    remedy: 'Upgrade the server, or unset DATABASE_URL: then Ringway runs its own.',
  })
}
