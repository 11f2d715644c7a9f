import * as z from 'zod'
import type { Manifest } from '../../../domain/manifest.ts'
import { isManifestSummary } from '../../../domain/manifest-shape.ts'
import type { SolutionKey } from '../../../domain/ring-key.ts'
import { RingwayError } from '../../../domain/ringway-error.ts'
import type { ArtifactRecord, ArtifactRecords, DraftRecord } from '../../../ports/control-store.ts'
import { absent, commit, dateOf, digest, instant, whole } from './columns.ts'
import { insertRow } from './row-statements.ts'
import { storableJson } from './storable.ts'
import { confirmTenant, type TenantQueries } from './tenant-queries.ts'

const row = z.object({
  tenant: whole,
  repository: whole,
  solution: z.string(),
  digest,
  content: digest,
  version: absent(whole),
  commit,
  pull_request: absent(whole),
  manifest: z.custom<Omit<Manifest, 'files'>>(isManifestSummary, 'expected a manifest without its files'),
  built_at: instant,
})

const shape = row.transform(asRecord)
const draftShape = row
  .extend({ seq: whole })
  .transform(({ seq, ...artifact }): DraftRecord => ({ artifact: asRecord(artifact), seq }))

function asRecord({ pull_request: pullRequest, built_at: builtAt, ...rest }: z.output<typeof row>): ArtifactRecord {
  return { ...rest, pullRequest, builtAt }
}

const ofSolution = 'tenant = $1 and repository = $2 and solution = $3'

/** What builds reported, in PostgreSQL. */
export function artifactRecords(queries: TenantQueries): ArtifactRecords {
  return {
    put: async record => {
      confirmTenant(queries, record)
      const { repository, solution, digest: name, content, version, commit: of, pullRequest } = record
      const built = { pull_request: pullRequest, built_at: dateOf(record.builtAt) }
      // A version takes the place of a draft; of two builds of a version the first is the one that made it.
      const kept = insertRow(queries, 'artifact', {
        row: {
          repository,
          solution,
          digest: name,
          content,
          version,
          commit: of,
          manifest: storableJson(record.manifest),
          ...built,
        },
        more: `on conflict (tenant, repository, solution, digest) do update set version = excluded.version,
            commit = excluded.commit, pull_request = excluded.pull_request, built_at = excluded.built_at
          where artifact.version is null and excluded.version is not null`,
      })
      await kept.catch((error: unknown) => {
        throw isTaken(error) ? takenVersion(record, error) : error
      })
      await insertRow(queries, 'artifact_build', {
        row: { repository, solution, commit: of, digest: name, ...built },
        more: `on conflict (tenant, repository, solution, commit, digest) do update
          set seq = excluded.seq, pull_request = excluded.pull_request, built_at = excluded.built_at`,
      })
    },
    read: async (key, name) => {
      const sql = `select * from artifact where ${ofSolution} and digest = $4`
      return first(queries, key, { sql, values: [name] })
    },
    version: async (key, version) => {
      const sql = `select * from artifact where ${ofSolution} and version = $4`
      return first(queries, key, { sql, values: [version] })
    },
    ofCommit: async (key, of) => {
      const sql = `select artifact.*, build.commit, build.pull_request, build.built_at
        from artifact_build build join artifact using (tenant, repository, solution, digest)
        where ${ofSolution} and build.commit = $4 order by build.seq desc limit 1`
      return first(queries, key, { sql, values: [of] })
    },
    versions: async (key, { below, limit }) => {
      confirmTenant(queries, key)
      const sql = `select * from artifact where ${ofSolution} and version is not null and ($4::bigint is null or version < $4)
        order by version desc limit $5`
      return queries.query(shape, sql, [key.repository, key.solution, below, limit])
    },
    drafts: async (key, { before, limit }) => {
      confirmTenant(queries, key)
      const sql = `select artifact.*, build.commit, build.pull_request, build.built_at, build.seq
        from artifact_build build join artifact using (tenant, repository, solution, digest)
        where ${ofSolution} and artifact.version is null and ($4::bigint is null or build.seq < $4)
          and not exists (select from artifact_build later where (later.tenant, later.repository, later.solution, later.digest)
            = (build.tenant, build.repository, build.solution, build.digest) and later.seq > build.seq)
        order by build.seq desc limit $5`
      return await queries.query(draftShape, sql, [key.repository, key.solution, before, limit])
    },
  }
}

async function first(
  queries: TenantQueries,
  key: SolutionKey,
  asked: { readonly sql: string; readonly values: readonly unknown[] },
): Promise<ArtifactRecord | undefined> {
  confirmTenant(queries, key)
  const [found] = await queries.query(shape, asked.sql, [key.repository, key.solution, ...asked.values])
  return found
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'artifact_version'
}

function takenVersion({ solution, version, digest: name }: ArtifactRecord, cause: unknown): RingwayError {
  return new RingwayError({
    code: 'request_invalid',
    message: `Version ${version} of ${solution} is another artifact than ${name}: a version is one digest for ever.`,
    remedy: 'Look at the tags of the repository: somebody moved or deleted the tag of a version.',
    facts: { solution, digest: name },
    cause,
  })
}
