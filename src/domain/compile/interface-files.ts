import type { JsonSchema } from '../manifest.ts'
import type { Component } from '../solution.ts'
import type { CompileFacts, FileReading } from './compile-facts.ts'
import { type CompileCode, type CompileProblem, inRepository, problemAt } from './compile-problem.ts'
import { keyOf } from './entry-problems.ts'

/** The schemas and graphs that components name are there, and are what they are called. */
export function interfaceFileProblems(facts: CompileFacts): readonly CompileProblem[] {
  const said = new Set<string>()
  return facts.solution.components.flatMap(component =>
    (['input', 'output', 'graph'] as const).flatMap(key => {
      const path = component[key]
      if (path === undefined) return []
      const reading: FileReading<unknown> | undefined = (key === 'graph' ? facts.graphs : facts.schemas).get(path)
      if (reading === undefined) return [missingFile(facts, component, { key, path })]
      // Two components may name one file; it is wrong once.
      if (reading.ok || said.has(path)) return []
      said.add(path)
      return formProblems(reading.problems, {
        path: inRepository(facts.solution.path, path),
        code: key === 'graph' ? 'graph_invalid' : 'schema_invalid',
      })
    }),
  )
}

function missingFile(
  facts: CompileFacts,
  component: Component,
  { key, path }: { readonly key: 'input' | 'output' | 'graph'; readonly path: string },
): CompileProblem {
  return problemAt(facts.ringFile, keyOf(facts, component, key), {
    severity: 'error',
    code: 'file_missing',
    message: `\`${key}\` of ${component.name} names \`${path}\`, which is not among the files of the artifact. Commit it below \`${facts.solution.path}\`, or correct the path.`,
  })
}

function formProblems(
  problems: readonly Pick<CompileProblem, 'message' | 'line' | 'column'>[],
  file: { readonly path: string; readonly code: CompileCode },
): readonly CompileProblem[] {
  return problems.map(({ message, line, column }) => ({
    severity: 'error',
    code: file.code,
    path: file.path,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    message,
  }))
}

/** A schema that a component names, where it is there and is one. */
export function schemaOf(facts: CompileFacts, path: string | undefined): JsonSchema | undefined {
  const reading = path === undefined ? undefined : facts.schemas.get(path)
  return reading?.ok === true ? reading.value : undefined
}
