import type { TextPlaces } from './text-places.ts'

/** What kind of problem it is, for programs. */
export type CompileCode =
  | 'entry_missing'
  | 'nothing_starts_it'
  | 'file_missing'
  | 'files_match_nothing'
  | 'schema_invalid'
  | 'graph_invalid'
  | 'unknown_component'
  | 'unknown_reference'
  | 'interface_mismatch'
  | 'cycle'
  | 'unknown_port'
  | 'unconnected_input'
  | 'type_mismatch'
  | 'unreachable_node'
  | 'unlocked_dependencies'
  | 'unpinned_dependency'
  | 'undeclared_secret'
  | 'secret_found'
  | 'tree'

/** One thing that is wrong with a solution, and where. */
export interface CompileProblem {
  /** An error stops the build; a warning never does. */
  readonly severity: 'error' | 'warning'
  readonly code: CompileCode
  /** The file, relative to the repository. */
  readonly path: string
  /** From 1. */
  readonly line?: number | undefined
  /** From 1. */
  readonly column?: number | undefined
  readonly message: string
}

/** A problem of a value in a file whose places are known; that of the nearest value above it where it has none itself. */
export function problemAt(
  file: { readonly path: string; readonly places: TextPlaces },
  key: string,
  problem: Omit<CompileProblem, 'path' | 'line' | 'column'>,
): CompileProblem {
  return { ...problem, path: file.path, ...placeOf(file.places, key) }
}

function placeOf(places: TextPlaces, key: string): Pick<CompileProblem, 'line' | 'column'> {
  const found = Object.hasOwn(places, key) ? places[key] : undefined
  if (found !== undefined) return { line: found.line, column: found.column }
  const above = key.replace(/(?:^|\.)[^.[\]]+$|\[[0-9]+\]$/, '')
  return above === key ? {} : placeOf(places, above)
}

/** A path inside the solution, as it stands in the repository. */
export function inRepository(solutionPath: string, path: string): string {
  return solutionPath === '.' ? path : `${solutionPath}/${path}`
}
