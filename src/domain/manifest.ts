import type { ConfigLayer } from './configuration.ts'
import type { Sha256Digest } from './units.ts'

/** `artifactType` of every artifact. */
export const artifactType = 'application/vnd.ringway.solution.v1'
/** Media type of the configuration blob, which is the canonical JSON of a {@link Manifest}. */
export const manifestMediaType = 'application/vnd.ringway.manifest.v1+json'
/** Media type of a layer. */
export const layerMediaType = 'application/vnd.ringway.layer.v1.tar+zstd'

/** JSON as it stands in an interface schema. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A JSON Schema. */
export type JsonSchema = boolean | { readonly [key: string]: Json }

/**
 * What an artifact holds. It names content only, so that the same tree has the same manifest on every machine and
 * at every commit; who built it when stands in its provenance.
 */
export interface Manifest {
  readonly schemaVersion: 1
  readonly solution: string
  /** Sorted by name. */
  readonly components: readonly ManifestComponent[]
  /** Sorted by path. */
  readonly files: readonly ManifestFile[]
  /** Shared files first, then one layer per component that has files of its own, by name. */
  readonly layers: readonly ManifestLayer[]
  /** The repository's and the solution's configuration layers, and each ring's. */
  readonly config: {
    readonly repository: ConfigLayer
    readonly solution: ConfigLayer
    readonly rings: Readonly<Record<string, ConfigLayer>>
  }
  /** The dependency lock files that were found, sorted by path. */
  readonly locks: readonly { readonly path: string; readonly digest: Sha256Digest }[]
  readonly plan: CompilePlan
}

/** A component as it was compiled. */
export interface ManifestComponent {
  readonly name: string
  readonly kind: string
  readonly start?: string | undefined
  readonly exec?: string | undefined
  readonly path?: string | undefined
  readonly input?: JsonSchema | undefined
  readonly output?: JsonSchema | undefined
  /** Locked: a published one with the version and digest that were current at the build. */
  readonly uses: readonly ManifestReference[]
  readonly tools: readonly string[]
  readonly connectors: readonly string[]
  readonly secrets: readonly string[]
  readonly timeoutMs?: number | undefined
  readonly graph?: Graph | undefined
}

/** What a component calls, locked. */
export type ManifestReference =
  | { readonly kind: 'local'; readonly component: string }
  | {
      readonly kind: 'published'
      readonly solution: string
      readonly component: string
      readonly version: string
      readonly digest: Sha256Digest
    }

/** `classify`, or `billing/lookup@v12` */
export function manifestReferenceName(reference: ManifestReference): string {
  return reference.kind === 'local'
    ? reference.component
    : `${reference.solution}/${reference.component}@${reference.version}`
}

/** One file, as it will be unpacked. */
export interface ManifestFile {
  /** Relative to the artifact's root, with `/`. */
  readonly path: string
  readonly digest: Sha256Digest
  /** Bytes. */
  readonly size: number
  readonly executable: boolean
  /** The component whose layer holds it; absent: the shared layer. */
  readonly component?: string | undefined
}

/** One layer, by its *uncompressed* bytes, because compressors change over the years. */
export interface ManifestLayer {
  /** The component whose files it holds; absent for the shared layer. */
  readonly component?: string | undefined
  /** SHA-256 of the uncompressed tar. */
  readonly digest: Sha256Digest
  /** Bytes of the uncompressed tar. */
  readonly size: number
}

/** A graph of a workflow: its nodes in the order in which they can run. */
export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

/** One step of a graph. */
export interface GraphNode {
  readonly id: string
  /** The component that it calls, if it calls one. */
  readonly component?: string | undefined
  /** Input ports: name → type; a type that ends in `?` is optional. */
  readonly inputs: Readonly<Record<string, string>>
  /** Output ports: name → type. */
  readonly outputs: Readonly<Record<string, string>>
}

/** A connection from an output to an input, each written `<node>.<port>`. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
}

/** In which order the components can be started: each after those that it uses. */
export interface CompilePlan {
  readonly order: readonly string[]
}
