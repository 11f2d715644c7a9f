import type { Migration } from './migration.ts'

/** What the API is asked before it is known whose tenant a request is about. */
export const api: Migration = {
  name: '006-api',
  sql: `
    create table used_identity_token (
      id text primary key,
      until timestamptz not null
    );
    create index used_identity_token_until on used_identity_token (until);

    create table idempotent_answer (
      sender text not null,
      key text not null,
      sha256 text not null,
      begun_at timestamptz not null default clock_timestamp(),
      status integer,
      body text,
      primary key (sender, key),
      check ((status is null) = (body is null))
    );
    create index idempotent_answer_begun on idempotent_answer (begun_at);

    -- Where repositories of all tenants are found by their names; it follows the records of each tenant.
    create table repository_directory (
      tenant bigint not null,
      repository bigint not null,
      owner text not null,
      name text not null,
      primary key (repository, tenant)
    );
    create index repository_directory_name on repository_directory (lower(owner), lower(name));

    create function follow_repository() returns trigger language plpgsql as $$
    begin
      if tg_op <> 'INSERT' then
        delete from repository_directory where tenant = old.tenant and repository = old.repository;
      end if;
      if tg_op <> 'DELETE' and new.removed_at is null then
        insert into repository_directory (tenant, repository, owner, name)
          values (new.tenant, new.repository, new.owner, new.name);
      end if;
      return null;
    end $$;
    create trigger repository_is_followed after insert or update or delete on repository
      for each row execute function follow_repository();
  `,
}
