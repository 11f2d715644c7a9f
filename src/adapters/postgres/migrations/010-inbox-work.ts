import type { Migration } from './migration.ts'

/**
 * A delivery without an outcome is itself the work that is to be done: to write a job beside each cost more than to store it. The bodies of those
 * that were stored together are kept together, as one zstd frame: they repeat each other, and what PostgreSQL compresses with by itself takes
 * thirty times as long.
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
      add column pack bigint,
      -- Where in the pack, in bytes; the first is at 0.
      add column body_start integer,
      add column body_length integer,
      drop column body;
    -- Before the first release a body stood in its row.
    update inbox set outcome = 'failed', outcome_words = 'Its body is no longer there.', concluded_at = clock_timestamp()
      where outcome is null;
    create index inbox_pack on inbox (pack);

    create table pack (
      id bigint generated always as identity primary key,
      bodies bytea not null
    );
    alter table pack alter column bodies set storage external;

    drop index inbox_open;
    create index inbox_due on inbox (due_at) where outcome is null;
  `,
}
