import type { Migration } from './migration.ts'

/** Drafts are listed by their newest build. */
export const drafts: Migration = {
  name: '012-drafts',
  sql: `
    create index artifact_build_newest on artifact_build (tenant, repository, solution, seq);
    create index artifact_build_digest on artifact_build (tenant, repository, solution, digest, seq);
  `,
}
