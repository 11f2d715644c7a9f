import type { Migration } from './migration.ts'

/** What the App remembers between two looks for what it missed. */
export const sweeps: Migration = {
  name: '008-sweeps',
  sql: `
    -- Instants by name: how far a sweep has come, and when something was looked at last.
    create table sweep_mark (
      name text primary key,
      at timestamptz not null
    );

    -- Deliveries that GitHub lists and that are not here. One that arrives, or that GitHub has no longer, leaves.
    create table missed_delivery (
      guid text primary key,
      -- GitHub's id of its last attempt.
      delivery bigint not null,
      event text not null,
      -- Whether GitHub says that it was answered 2xx.
      acknowledged boolean not null,
      delivered_at timestamptz not null,
      attempts integer not null default 0,
      next_at timestamptz not null default clock_timestamp()
    );
    create index missed_delivery_next on missed_delivery (next_at);

    -- What was noticed, so that it is told once.
    create table notice (
      tenant bigint not null,
      key text not null,
      at timestamptz not null,
      primary key (tenant, key)
    );

    -- Whether each ring could go back now, as it was looked at last.
    create table rollback_readiness (
      tenant bigint not null,
      repository bigint not null,
      solution text not null,
      ring text not null,
      -- The deployment that the ring would go back to; absent: there is none.
      target bigint,
      readiness jsonb not null,
      looked_at timestamptz not null,
      -- The run that proves it where the App cannot read the artifact store.
      run bigint,
      run_started_at timestamptz,
      primary key (tenant, repository, solution, ring),
      check ((run is null) = (run_started_at is null))
    );

    do $$
    declare
      protected text;
    begin
      foreach protected in array array['notice', 'rollback_readiness'] loop
        execute format('alter table %I enable row level security', protected);
        execute format('alter table %I force row level security', protected);
        execute format(
          'create policy own_tenant on %I using (tenant = current_setting(''ringway.tenant'')::bigint)', protected);
      end loop;
    end $$;
  `,
}
