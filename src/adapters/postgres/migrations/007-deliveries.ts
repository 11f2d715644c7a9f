import type { Migration } from './migration.ts'

/** When a subscriber that did not answer is told again. Without it, each new event would be one more attempt. */
export const deliveries: Migration = {
  name: '007-deliveries',
  sql: 'alter table subscriber add column retry_at timestamptz',
}
