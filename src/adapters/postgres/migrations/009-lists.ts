import type { Migration } from './migration.ts'

/** What people list. Who subscribes is told of one repository: that is where they have a role. */
export const lists: Migration = {
  name: '009-lists',
  sql: `
    alter table subscriber add column repository bigint not null;
    create index effect_failed on effect (tenant, seq) where state = 'failed';
  `,
}
