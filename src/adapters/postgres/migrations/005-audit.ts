import type { Migration } from './migration.ts'

/**
 * The audit log: a chain per tenant, appended to and never changed. Whoever may alter tables can take the triggers off; the chain then says where
 * they were.
 */
export const audit: Migration = {
  name: '005-audit',
  sql: `
    -- Where each chain ends. Its row is locked by whoever appends, until the commit. It holds nothing of what was done, and whoever verifies must
    -- find every tenant: it is the one table of theirs that is open.
    create table audit_head (
      tenant bigint primary key,
      seq bigint not null,
      hash text not null
    );

    create table audit_entry (
      tenant bigint not null,
      seq bigint not null,
      prev_hash text not null,
      hash text not null,
      at timestamptz not null,
      actor_id bigint not null,
      actor_login text not null,
      cause_kind text not null,
      cause_id text not null,
      action text not null,
      subject text not null,
      -- As they were hashed: jsonb would write numbers in its own way.
      before json not null,
      after json not null,
      primary key (tenant, seq)
    );
    create index audit_entry_of_subject on audit_entry (tenant, subject, seq);

    create function refuse_audit_change() returns trigger language plpgsql as $$
    begin
      raise exception 'the audit log is appended to and never changed' using errcode = 'insufficient_privilege';
    end $$;

    create trigger audit_entry_stays before update or delete or truncate on audit_entry
      for each statement execute function refuse_audit_change();
    create trigger audit_head_stays before delete or truncate on audit_head
      for each statement execute function refuse_audit_change();
    create trigger audit_head_rises before update on audit_head
      for each row when (new.tenant <> old.tenant or new.seq not in (old.seq, old.seq + 1) or (new.seq = old.seq and new.hash <> old.hash))
      execute function refuse_audit_change();

    alter table audit_entry enable row level security;
    alter table audit_entry force row level security;
    create policy own_tenant on audit_entry using (tenant = current_setting('ringway.tenant')::bigint);
  `,
}
