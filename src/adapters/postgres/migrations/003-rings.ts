import type { Migration } from './migration.ts'

/**
 * Rings, what wants to enter them and what is in them. Every table begins with its tenant, and a transaction that has not said whose it is
 * reads none of them: the setting is then missing or empty, and the comparison fails.
 */
export const rings: Migration = {
  name: '003-rings',
  sql: `
    create table repository (
      tenant bigint not null,
      repository bigint not null,
      owner text not null,
      name text not null,
      default_branch text not null,
      removed_at timestamptz,
      primary key (tenant, repository)
    );

    create table promotion (
      tenant bigint not null,
      id text not null,
      -- The order of the requests: instants repeat within a millisecond.
      seq bigint generated always as identity,
      repository bigint not null,
      solution text not null,
      ring text not null,
      state text not null check (state in
        ('requested', 'gated', 'authorised', 'dispatched', 'done', 'refused', 'superseded', 'expired')),
      task text not null check (task in ('deploy', 'rollback')),
      version bigint,
      digest text not null,
      commit text not null,
      baseline text,
      requester_id bigint not null,
      requester_login text not null,
      source jsonb not null,
      reason text,
      parameters jsonb not null,
      hotfix boolean not null,
      override jsonb,
      pull_request bigint,
      requested_at timestamptz not null,
      expires_at timestamptz not null,
      verdicts jsonb not null,
      end_reason text,
      end_words text,
      superseded_by text,
      deployment bigint,
      run bigint,
      waiting_job bigint,
      primary key (tenant, id),
      check ((end_reason is null) = (end_words is null))
    );
    create index promotion_open on promotion (tenant, repository, solution, ring, seq)
      where state in ('requested', 'gated', 'authorised', 'dispatched');
    create index promotion_of_tenant on promotion (tenant, seq);
    create index promotion_of_repository on promotion (tenant, repository, seq);
    create index promotion_of_ring on promotion (tenant, repository, solution, ring, seq);
    create index promotion_of_commit on promotion (tenant, repository, commit, seq);
    create index promotion_of_pull_request on promotion (tenant, repository, pull_request, seq) where pull_request is not null;
    create index promotion_of_run on promotion (tenant, run) where run is not null;

    create table deployment (
      tenant bigint not null,
      id bigint generated always as identity,
      repository bigint not null,
      solution text not null,
      ring text not null,
      promotion text not null,
      github_id bigint,
      version bigint,
      digest text not null,
      commit text not null,
      state text not null check (state in
        ('queued', 'building', 'deploying', 'validating', 'active', 'failed', 'rolling_back', 'rolled_back', 'superseded')),
      reason text,
      words text not null,
      task text not null check (task in ('deploy', 'rollback')),
      created_at timestamptz not null,
      since timestamptz not null,
      activated_at timestamptz,
      run bigint,
      url text,
      organisation jsonb not null,
      checks jsonb not null,
      replaces bigint,
      ends bigint,
      primary key (tenant, id),
      -- At the commit, so that within a transaction the new one may become active before the old one ends. A unique index can be partial, or wait
      -- for the commit, and not both.
      constraint one_active_per_ring exclude using btree (tenant with =, repository with =, solution with =, ring with =)
        where (state = 'active') deferrable initially deferred
    );
    create index deployment_of_ring on deployment (tenant, repository, solution, ring, id);
    create index deployment_of_digest on deployment (tenant, repository, solution, ring, digest);
    create index deployment_open on deployment (tenant, repository, solution, ring)
      where state not in ('failed', 'rolled_back', 'superseded');
    create unique index deployment_on_github on deployment (tenant, repository, github_id) where github_id is not null;

    create table ring (
      tenant bigint not null,
      repository bigint not null,
      solution text not null,
      ring text not null,
      environment text not null,
      lifecycle text not null default 'active' check (lifecycle in ('active', 'paused', 'undeployed', 'archived')),
      deployment bigint,
      revision bigint not null default 0 check (revision >= 0),
      primary key (tenant, repository, solution, ring),
      foreign key (tenant, deployment) references deployment (tenant, id) deferrable initially deferred
    );

    create table ring_lock (
      tenant bigint not null,
      repository bigint not null,
      -- Both absent: every ring of the repository.
      solution text,
      ring text,
      by_id bigint not null,
      by_login text not null,
      reason text,
      since timestamptz not null,
      until timestamptz,
      pull_request bigint,
      unique nulls not distinct (tenant, repository, solution, ring),
      check ((solution is null) = (ring is null))
    );

    create table answer (
      tenant bigint not null,
      promotion text not null,
      person_id bigint not null,
      via text not null check (via in ('ringway', 'github')),
      seq bigint generated by default as identity,
      repository bigint not null,
      solution text not null,
      ring text not null,
      candidate text not null,
      person_login text not null,
      teams text[] not null,
      answer text not null check (answer in ('approved', 'rejected')),
      binding_ring text not null,
      baseline text,
      policy text not null,
      at timestamptz not null,
      -- Who answers here and on GitHub has said two things: a ring may count only one of them.
      primary key (tenant, promotion, person_id, via),
      foreign key (tenant, promotion) references promotion (tenant, id)
    );
    create index answer_of_candidate on answer (tenant, repository, solution, ring, candidate, at, seq);

    create table quarantine_release (
      tenant bigint not null,
      repository bigint not null,
      solution text not null,
      ring text not null,
      digest text not null,
      at timestamptz not null,
      by_id bigint not null,
      primary key (tenant, repository, solution, ring, digest)
    );

    create function refuse_to_leave_an_end() returns trigger language plpgsql as $$
    begin
      raise exception '% % has ended as %, and cannot become %', tg_table_name, old.id, old.state, new.state
        using errcode = 'integrity_constraint_violation';
    end $$;
    create trigger promotion_end before update on promotion for each row
      when (old.state in ('done', 'refused', 'superseded', 'expired') and new.state <> old.state)
      execute function refuse_to_leave_an_end();
    create trigger deployment_end before update on deployment for each row
      when (old.state in ('failed', 'rolled_back', 'superseded') and new.state <> old.state)
      execute function refuse_to_leave_an_end();

    create function refuse_old_revision() returns trigger language plpgsql as $$
    begin
      raise exception 'ring % is at revision %, and cannot move to %', old.ring, old.revision, new.revision
        using errcode = 'integrity_constraint_violation';
    end $$;
    create trigger ring_revision before update on ring for each row
      when (new.revision < old.revision or (new.revision = old.revision and new.deployment is distinct from old.deployment))
      execute function refuse_old_revision();

    do $$
    declare
      protected text;
    begin
      foreach protected in array array['repository', 'promotion', 'deployment', 'ring', 'ring_lock', 'answer', 'quarantine_release'] loop
        execute format('alter table %I enable row level security', protected);
        execute format('alter table %I force row level security', protected);
        execute format(
          'create policy own_tenant on %I using (tenant = current_setting(''ringway.tenant'')::bigint)', protected);
      end loop;
    end $$;
  `,
}
