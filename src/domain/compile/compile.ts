import type { CompilePlan, ManifestComponent } from '../manifest.ts'
import type { CompileFacts } from './compile-facts.ts'
import { type CompileProblem, inRepository } from './compile-problem.ts'
import { orderByNeeds } from './component-order.ts'
import { dependencyProblems, isDependencyManifest, lockFiles } from './dependency-problems.ts'
import { entryProblems } from './entry-problems.ts'
import { graphProblems } from './graph-problems.ts'
import { interfaceFileProblems } from './interface-files.ts'
import { manifestComponents } from './manifest-components.ts'
import { componentNeeds, referenceProblems } from './reference-problems.ts'
import { mayReferToSecrets, secretReferenceProblems } from './secret-reference-problems.ts'

/** What compile found and planned. */
export interface CompileReport {
  /** Whether nothing stops the build. */
  readonly ok: boolean
  /** All of them, by file and line; errors and warnings. */
  readonly problems: readonly CompileProblem[]
  readonly plan: CompilePlan
  /** Sorted by name. Complete only when `ok`. */
  readonly components: readonly ManifestComponent[]
  /** The files that lock dependencies, relative to the solution's path, sorted. */
  readonly locks: readonly string[]
}

/**
 * Compiles a solution: finds everything that would fail later, locks what it uses and plans the order of its components.
 * The same facts give the same report, whatever the order in which they come.
 */
export function compile(facts: CompileFacts): CompileReport {
  const order = orderByNeeds(componentNeeds(facts.solution.components))
  const problems = [
    ...treeProblems(facts),
    ...entryProblems(facts),
    ...interfaceFileProblems(facts),
    ...referenceProblems(facts, order),
    ...graphProblems(facts),
    ...dependencyProblems(facts),
    ...secretReferenceProblems(facts),
  ].toSorted(byPlace)
  return {
    ok: problems.every(({ severity }) => severity === 'warning'),
    problems,
    plan: { order: order.order },
    components: manifestComponents(facts),
    locks: lockFiles(facts),
  }
}

/** The files whose text {@link compile} asks for, out of those that go into the artifact. Schemas and graphs are read apart. */
export function pathsToRead(files: CompileFacts['files']): readonly string[] {
  return files.filter(file => isDependencyManifest(file.path) || mayReferToSecrets(file)).map(({ path }) => path)
}

function treeProblems({ solution, treeProblems: found, secrets }: CompileFacts): readonly CompileProblem[] {
  return [
    ...found.map(({ path, message }): CompileProblem => {
      return { severity: 'error', code: 'tree', path: inRepository(solution.path, path), message }
    }),
    ...secrets.map(({ path, line, kind }): CompileProblem => {
      const message = `This looks like a secret (${kind}). Revoke it, take it out of the file, and declare its name under \`secrets\`.`
      return { severity: 'error', code: 'secret_found', path: inRepository(solution.path, path), line, message }
    }),
  ]
}

function byPlace(a: CompileProblem, b: CompileProblem): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1
  const [first, second] = [(a.line ?? 0) * 1e6 + (a.column ?? 0), (b.line ?? 0) * 1e6 + (b.column ?? 0)]
  if (first !== second) return first - second
  return a.message === b.message ? 0 : a.message < b.message ? -1 : 1
}
