import type { Migration } from './migration.ts'

/**
 * The role as which transactions of a tenant act where the user of the database is above row-level security, as the superuser of an embedded
 * server is. It is a member of the user: it owns what the user owns, now and later, and inherits none of its attributes. Roles belong to a whole
 * server: other databases there may have made it already.
 *
 * Source: https://www.postgresql.org/docs/15/role-membership.html
 */
export const tenancy: Migration = {
  name: '002-tenancy',
  sql: `
    do $$
    declare
      is_super boolean;
      is_above boolean;
    begin
      select rolsuper, rolbypassrls into is_super, is_above from pg_roles where rolname = current_user;
      if is_above and not is_super then
        raise exception 'the user % has BYPASSRLS, so nothing would keep tenants apart: alter role % nobypassrls', current_user, current_user
          using errcode = 'insufficient_privilege';
      end if;
      if is_super then
        -- Two databases of one server that are made at once would meet here.
        perform pg_advisory_xact_lock(hashtextextended('ringway.tenancy', 0));
        begin
          create role ringway_tenant nologin;
        exception when duplicate_object or unique_violation then
          null;
        end;
        if not pg_has_role('ringway_tenant', current_user, 'member') then
          execute format('grant %I to ringway_tenant', current_user);
        end if;
      end if;
    end $$;
  `,
}
