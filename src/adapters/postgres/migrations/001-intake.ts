import type { Migration } from './migration.ts'

/** What is needed to take a webhook in, and to work on it as one of several replicas. */
export const intake: Migration = {
  name: '001-intake',
  sql: `
    create table inbox (
      seq bigint generated always as identity primary key,
      guid text not null unique,
      hook_id bigint not null,
      event text not null,
      action text,
      tenant bigint,
      repository bigint,
      received_at timestamptz not null default clock_timestamp(),
      body_sha256 text not null,
      body bytea not null,
      outcome text check (outcome in ('handled', 'ignored', 'failed')),
      outcome_words text,
      concluded_at timestamptz,
      -- Deliveries of the same guid with another body: somebody has our secret, or GitHub is not what it says.
      conflicts integer not null default 0,
      conflicted_at timestamptz,
      check ((outcome is null) = (concluded_at is null))
    );
    create index inbox_open on inbox (received_at) where outcome is null;
    create index inbox_received on inbox (received_at);
    create index inbox_conflicts on inbox (conflicted_at) where conflicts > 0;

    create table lease (
      name text primary key,
      -- Never falls, also when nobody holds it: the row stays.
      epoch bigint not null,
      holder uuid,
      until timestamptz not null
    );

    -- A bucket is known by the instant at which it will be full again if nothing is taken.
    create table call_budget (
      tenant bigint primary key,
      points_minute timestamptz not null,
      content_minute timestamptz not null,
      content_hour timestamptz not null,
      calls_hour timestamptz not null,
      paused_until timestamptz,
      -- Refusals one after the other.
      refusals integer not null default 0
    );
  `,
}
