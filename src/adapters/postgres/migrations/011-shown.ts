import type { Migration } from './migration.ts'

/** Since when a sticky comment shows what it shows: a command that was given before meant something else. */
export const shown: Migration = {
  name: '011-shown',
  sql: `alter table conversation add column shown_at timestamptz;`,
}
