import type { Manifest } from '../domain/manifest.ts'
import type { Sha256Digest } from '../domain/units.ts'

/** A file of the working tree on its way into an artifact. */
export interface SourceFile {
  /** Relative to the solution's directory, with `/`. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly executable: boolean
  /** The component whose layer takes it; absent: the shared layer. */
  readonly component?: string | undefined
  /** What it held when it was listed; packing refuses a file that holds something else by then. */
  readonly digest?: Sha256Digest | undefined
}

/** What packing adds to a manifest itself. */
export type UnpackedManifest = Omit<Manifest, 'schemaVersion' | 'files' | 'layers' | 'locks'>

/** What is to be published. */
export interface PublishRequest {
  /** The solution's directory on this machine, absolute. */
  readonly directory: string
  readonly files: readonly SourceFile[]
  /** Paths out of `files` that are dependency lock files. */
  readonly locks: readonly string[]
  readonly manifest: UnpackedManifest
  /** `org.opencontainers.image.source`. */
  readonly sourceUrl: string
  /** An artifact that probably shares layers with this one: the version before. */
  readonly baseline?: Sha256Digest | undefined
}

/** An artifact in the store. */
export interface Artifact {
  /** Of its OCI manifest: its name. */
  readonly digest: Sha256Digest
  /** Of its configuration blob: its content. */
  readonly content: Sha256Digest
  readonly manifest: Manifest
}

/** What publishing did. */
export interface Published {
  readonly artifact: Artifact
  /** Whether the store held it already. */
  readonly existed: boolean
  /**
   * Whether the store held nothing with this content under any name when it was looked up: then no version that was there before has it.
   * It is not `existed` turned round: a content may be there in an artifact that another compressor made.
   */
  readonly isNewContent: boolean
  readonly uploadedBytes: number
}

/** How far a long work has come. */
export interface Progress {
  readonly doing: 'packing' | 'uploading' | 'pulling' | 'unpacking'
  /** Bytes. */
  readonly done: number
  /** Bytes. */
  readonly total: number
}

/** Packs, publishes, pulls, verifies and unpacks artifacts. */
export interface Artifacts {
  /** As people write it: `oci://host/name` or `oci-layout:path`. */
  readonly location: string

  /**
   * Packs the files and uploads what the store does not have; gives back the artifact that is there when it is the same.
   *
   * @throws {RingwayError} `artifact_refused` when the files could not be unpacked again, `compile_failed` when one changes underway,
   * `store_unreachable`, `store_denied`
   */
  publish(request: PublishRequest): Promise<Published>

  /** Packs the files and uploads nothing: what {@link Artifacts.publish} would make of them. */
  contentOf(request: PublishRequest): Promise<{ readonly content: Sha256Digest; readonly manifest: Manifest }>

  /**
   * Reads and verifies an artifact's manifest.
   *
   * @param reference - a digest, or a registry tag such as `v42`
   * @returns undefined when the store does not hold it
   * @throws {RingwayError} `digest_mismatch`, `artifact_refused`, `store_unreachable`
   */
  read(reference: string): Promise<Artifact | undefined>

  /**
   * Pulls every layer, verifies it and unpacks it into `directory`, which must not exist yet; it appears whole or not at all.
   *
   * @throws {RingwayError} `artifact_not_found`, `digest_mismatch`, `artifact_refused`, `store_unreachable`
   */
  unpack(artifact: Artifact, directory: string): Promise<void>

  /**
   * Pulls every layer, verifies it to the last file and keeps nothing.
   *
   * @throws {RingwayError} as {@link Artifacts.unpack}
   */
  verify(artifact: Artifact): Promise<void>

  /** Sets a registry tag. A tag is a help for people; nothing is ever deployed by it. */
  tag(digest: Sha256Digest, tag: string): Promise<void>

  /** Attaches an in-toto statement as a referrer, once: the same statement again changes nothing. */
  attachStatement(digest: Sha256Digest, statement: Statement): Promise<void>

  readStatements(digest: Sha256Digest): Promise<readonly Statement[]>
}

/** An in-toto statement, version 1. Source: https://in-toto.io/Statement/v1 */
export interface Statement {
  readonly _type: 'https://in-toto.io/Statement/v1'
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[]
  readonly predicateType: string
  readonly predicate: Readonly<Record<string, unknown>>
}
