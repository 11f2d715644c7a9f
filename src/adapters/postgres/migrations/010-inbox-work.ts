import type { Migration } from './migration.ts'

/**
 * A delivery without an outcome is itself the work that is to be done: to write a job beside each cost more than to store it. Bodies are kept as
 * zstd frames: what PostgreSQL compresses with by itself takes ten times as long.
 */
export const inboxWork: Migration = {
  name: '010-inbox-work',
  sql: `
    alter table inbox
      -- When whoever is free may begin: at once, after a pause when it failed, or when nothing was heard of whom it was given to.
      add column due_at timestamptz not null default clock_timestamp(),
      -- How often it was begun.
      add column attempts integer not null default 0,
      -- How the last attempt ended, if it failed.
      add column failure text,
      alter column body set storage external;
    drop index inbox_open;
    create index inbox_due on inbox (due_at) where outcome is null;
  `,
}
