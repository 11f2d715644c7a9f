import type { CommitSha, EpochMs, Sha256Digest } from './units.ts'

/** Who built an artifact, from what and when. */
export interface Build {
  /** `https://github.com/owner/name` */
  readonly repositoryUrl: string
  readonly commit: CommitSha
  /** `refs/heads/main` */
  readonly ref: string
  /** `owner/name/.github/workflows/ringway.yml@refs/heads/main` */
  readonly workflow: string
  readonly runUrl: string
  readonly attempt: number
  readonly actor: string
  readonly finishedAt: EpochMs
}

/** What was built. */
export interface BuiltArtifact {
  readonly solution: string
  /** `v42`; absent for a draft. */
  readonly version: string | undefined
  readonly digest: Sha256Digest
  readonly content: Sha256Digest
}

const buildType = 'https://ringway.dev/build/v1'
const builder = 'https://ringway.dev/action'
const predicateType = 'https://slsa.dev/provenance/v1'

/**
 * The provenance of an artifact: an in-toto statement with a SLSA v1 predicate.
 *
 * Source: https://slsa.dev/spec/v1.0/provenance
 *
 * @param isoTime - writes an instant as RFC 3339
 */
export function provenanceStatement(built: BuiltArtifact, build: Build, isoTime: (at: EpochMs) => string) {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: built.solution, digest: { sha256: built.digest.slice('sha256:'.length) } }],
    predicateType,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: {
          solution: built.solution,
          version: built.version ?? null,
          workflow: { path: build.workflow, ref: build.ref, repository: build.repositoryUrl },
        },
        internalParameters: { actor: build.actor, content: built.content },
        resolvedDependencies: [{ uri: `git+${build.repositoryUrl}@${build.ref}`, digest: { gitCommit: build.commit } }],
      },
      runDetails: {
        builder: { id: builder },
        metadata: {
          invocationId: `${build.runUrl}/attempts/${build.attempt}`,
          finishedOn: isoTime(build.finishedAt),
        },
      },
    },
  } as const
}

/** The version that a provenance is about; null for a draft's, undefined when it is none of ours. */
export function provenVersion(statement: Predicated): string | null | undefined {
  if (statement.predicateType !== predicateType) return undefined
  const parameters = member(member(statement.predicate, 'buildDefinition'), 'externalParameters')
  const version = member(parameters, 'version')
  return typeof version === 'string' || version === null ? version : undefined
}

/** What a provenance claims. It is not signed, so each field is what somebody wrote there, or undefined. */
export interface ReadProvenance {
  /** `v42`; undefined for a draft. */
  readonly version: string | undefined
  readonly actor: string | undefined
  readonly repositoryUrl: string | undefined
  readonly commit: string | undefined
  readonly ref: string | undefined
  readonly workflow: string | undefined
  /** The attempt of the run. */
  readonly run: string | undefined
  /** RFC 3339. */
  readonly finishedOn: string | undefined
}

/** Reads what {@link provenanceStatement} writes; undefined for statements of another kind. */
export function readProvenance(statement: Predicated): ReadProvenance | undefined {
  const version = provenVersion(statement)
  if (version === undefined) return undefined
  const definition = member(statement.predicate, 'buildDefinition')
  const workflow = member(member(definition, 'externalParameters'), 'workflow')
  const dependencies = member(definition, 'resolvedDependencies')
  const source: unknown = Array.isArray(dependencies) ? dependencies[0] : undefined
  const metadata = member(member(statement.predicate, 'runDetails'), 'metadata')
  return {
    version: version ?? undefined,
    actor: text(member(member(definition, 'internalParameters'), 'actor')),
    repositoryUrl: text(member(workflow, 'repository')),
    commit: text(member(member(source, 'digest'), 'gitCommit')),
    ref: text(member(workflow, 'ref')),
    workflow: text(member(workflow, 'path')),
    run: text(member(metadata, 'invocationId')),
    finishedOn: text(member(metadata, 'finishedOn')),
  }
}

interface Predicated {
  readonly predicateType: string
  readonly predicate: Readonly<Record<string, unknown>>
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}
