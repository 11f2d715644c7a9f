import { intake } from './001-intake.ts'
import { tenancy } from './002-tenancy.ts'
import { rings } from './003-rings.ts'
import { record } from './004-record.ts'
import { audit } from './005-audit.ts'
import { api } from './006-api.ts'
import { deliveries } from './007-deliveries.ts'
import { sweeps } from './008-sweeps.ts'
import { lists } from './009-lists.ts'
import { inboxWork } from './010-inbox-work.ts'
import { shown } from './011-shown.ts'
import { drafts } from './012-drafts.ts'
import type { Migration } from './migration.ts'

/** All migrations in their order. A new one is a file of its own, named by its place, added at the end. */
export const migrations: readonly Migration[] = [
  intake,
  tenancy,
  rings,
  record,
  audit,
  api,
  deliveries,
  sweeps,
  lists,
  inboxWork,
  shown,
  drafts,
]
