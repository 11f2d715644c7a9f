/** Where a run says what it does while it does it. */
export interface Journal {
  /** One line: a step begins or ended. */
  say(line: string): void
  /** A file of the repository is at fault. */
  problem(problem: FileProblem): void
}

/** A problem with its place in a file. */
export interface FileProblem {
  readonly severity: 'error' | 'warning'
  readonly path: string
  readonly line?: number | undefined
  readonly column?: number | undefined
  readonly message: string
}
