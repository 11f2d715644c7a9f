/** How a build command ended. */
export type BuildOutcome =
  | { readonly kind: 'done' }
  /** `evidence`: the last lines that it printed. */
  | { readonly kind: 'failed'; readonly words: string; readonly evidence: string }

/** Runs a solution's `build` line before packing. */
export interface BuildCommand {
  /** @param place - `directory`: the solution's, relative to the repository */
  run(line: string, place: { readonly directory: string }): Promise<BuildOutcome>
}
