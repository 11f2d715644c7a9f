import type { Graph, JsonSchema, ManifestReference } from '../manifest.ts'
import type { SecretFinding } from '../secret-pattern.ts'
import type { Solution } from '../solution.ts'
import type { CompileProblem } from './compile-problem.ts'
import type { TextPlaces } from './text-places.ts'

/** A file that was read: what it says, or what is wrong with its form. */
export type FileReading<T> =
  | { readonly ok: true; readonly value: T; readonly places: TextPlaces }
  | { readonly ok: false; readonly problems: readonly Pick<CompileProblem, 'message' | 'line' | 'column'>[] }

/** A file that goes into the artifact. */
interface CompileFile {
  /** Relative to the solution's path. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** The component whose layer takes it; absent: the shared layer. */
  readonly component?: string | undefined
}

/** A component of a published version elsewhere. */
export interface PublishedComponent {
  /** As it is locked in the manifest. */
  readonly reference: Extract<ManifestReference, { readonly kind: 'published' }>
  readonly input?: JsonSchema | undefined
  readonly output?: JsonSchema | undefined
}

/** Everything that compile looks at. Paths are relative to the solution's path, except that of the ring file. */
export interface CompileFacts {
  readonly solution: Solution
  readonly ringFile: {
    /** Relative to the repository. */
    readonly path: string
    readonly places: TextPlaces
  }
  /** What goes into the artifact, after the build command. */
  readonly files: readonly CompileFile[]
  /** The texts of {@link pathsToRead}, by path. */
  readonly texts: ReadonlyMap<string, string>
  /** The schemas that components name and that are there, by path. */
  readonly schemas: ReadonlyMap<string, FileReading<JsonSchema>>
  /** The graphs that components name and that are there, by path. */
  readonly graphs: ReadonlyMap<string, FileReading<Graph>>
  /** What was found in the tree that may not go into an artifact: links that leave it, names that other systems refuse. */
  readonly treeProblems: readonly { readonly path: string; readonly message: string }[]
  readonly secrets: readonly SecretFinding[]
  /** The published components that exist, by their name as `billing/lookup@v12`. */
  readonly published: ReadonlyMap<string, PublishedComponent>
}
