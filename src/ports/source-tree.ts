import type { SecretFinding } from '../domain/secret-pattern.ts'
import type { Solution } from '../domain/solution.ts'
import type { SourceFile } from './artifacts.ts'

/** Something in the tree that may not go into an artifact. */
export interface TreeProblem {
  /** Relative to the solution's directory. */
  readonly path: string
  readonly message: string
}

/** What a solution's directory holds. */
export interface Tree {
  /** Absolute. */
  readonly directory: string
  /** Sorted by path; each with the component whose layer takes it, and with its digest. */
  readonly files: readonly SourceFile[]
  /** Links that leave the tree, names that other systems do not take, and the like. */
  readonly problems: readonly TreeProblem[]
  /** Where files look as if they held a secret, by path and line; never the secret. */
  readonly secrets: readonly SecretFinding[]
}

/** The working tree that is built from. */
export interface SourceTree {
  /**
   * Lists the files that go into the artifact, and reads each of them once.
   *
   * @throws {RingwayError} `compile_failed` when the solution's directory does not exist
   */
  list(solution: Solution): Promise<Tree>
  /** The text of one file of a tree. */
  readText(tree: Tree, path: string): Promise<string>
}
