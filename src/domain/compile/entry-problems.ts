import type { Component } from '../solution.ts'
import type { CompileFacts } from './compile-facts.ts'
import { type CompileProblem, problemAt } from './compile-problem.ts'
import { entryPath } from './entry-path.ts'

/** Kinds that do something; what they are started with can hardly be missing. */
const acting: ReadonlySet<string> = new Set(['agent', 'workflow', 'code', 'service'])

/** What a component is started with, and the files that it claims, are there. */
export function entryProblems(facts: CompileFacts): readonly CompileProblem[] {
  const paths = new Set(facts.files.map(({ path }) => path))
  const directories = new Set([...paths].map(path => path.slice(0, Math.max(0, path.indexOf('/')))))
  const filled = new Set(facts.files.map(({ component }) => component))
  return facts.solution.components.flatMap(component => [
    ...missingEntry(facts, component, { paths, directories }),
    ...nothingStarts(facts, component),
    ...(component.files.length > 0 && !filled.has(component.name) ? [noFiles(facts, component)] : []),
  ])
}

function missingEntry(
  facts: CompileFacts,
  component: Component,
  tree: { readonly paths: ReadonlySet<string>; readonly directories: ReadonlySet<string> },
): readonly CompileProblem[] {
  const key = component.start === undefined ? 'exec' : 'start'
  const commandLine = component.start ?? component.exec
  const entry = commandLine === undefined ? undefined : entryPath(commandLine, tree.directories)
  if (entry === undefined || tree.paths.has(entry)) return []
  const name = entry.slice(entry.lastIndexOf('/') + 1)
  const near = [...tree.paths].filter(path => path.endsWith(`/${name}`) || path === name)[0]
  const hint = near !== undefined ? `There is \`${near}\`.` : buildHint(facts, entry)
  return [
    problemAt(facts.ringFile, keyOf(facts, component, key), {
      severity: 'error',
      code: 'entry_missing',
      message: `\`${key}\` of ${component.name} starts \`${entry}\`, which is not among the files of the artifact. ${hint}`,
    }),
  ]
}

function buildHint({ solution }: CompileFacts, entry: string): string {
  if (entry.startsWith('..')) return 'It lies outside of the solution; only what is below `path` goes along.'
  return solution.build === undefined
    ? `Commit it below \`${solution.path}\`, or write a \`build\` command that makes it.`
    : 'See whether `build` makes it, and whether `include` and `exclude` let it in.'
}

function nothingStarts(facts: CompileFacts, component: Component): readonly CompileProblem[] {
  if (!acting.has(component.kind) || component.start !== undefined || component.exec !== undefined) return []
  return [
    problemAt(facts.ringFile, keyOf(facts, component, 'kind'), {
      severity: 'warning',
      code: 'nothing_starts_it',
      message: `${component.name} is of the kind \`${component.kind}\` and has neither \`start\` nor \`exec\`: nothing will run.`,
    }),
  ]
}

function noFiles(facts: CompileFacts, component: Component): CompileProblem {
  const others = 'or all of them belong to other components as well'
  return problemAt(facts.ringFile, keyOf(facts, component, 'files'), {
    severity: 'warning',
    code: 'files_match_nothing',
    message: `\`files\` of ${component.name} match no file of the solution, ${others}: it gets no layer of its own.`,
  })
}

/** Where a key of a component stands in the ring file. */
export function keyOf({ solution }: CompileFacts, component: Component, key: string): string {
  return `solutions.${solution.name}.components.${component.name}.${key}`
}
