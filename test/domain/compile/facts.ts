import { readGraph } from '../../../src/config/read-graph.ts'
import { readJsonSchema } from '../../../src/config/read-json-schema.ts'
import { readRingFile } from '../../../src/config/read-ring-file.ts'
import { compile, pathsToRead } from '../../../src/domain/compile/compile.ts'
import type { CompileFacts, FileReading } from '../../../src/domain/compile/compile-facts.ts'
import type { TextPlaces } from '../../../src/domain/compile/text-places.ts'

/** A solution as a person would write it: the ring file below `support:`, and the files below `path`. */
export interface WrittenSolution {
  /** Below `components:`. */
  readonly components: string
  readonly config?: string
  /** Texts by path; what is not read may be empty. */
  readonly files?: Readonly<Record<string, string>>
  /** Which component's layer takes a file. */
  readonly layers?: Readonly<Record<string, string>>
  readonly rest?: Partial<CompileFacts>
}

/** Reads what is written with the product's own readers, as a build does. */
export function factsOf(written: WrittenSolution): CompileFacts {
  const text = [
    'version: 1',
    'solutions:',
    '  support:',
    '    path: sub',
    `    config: ${written.config ?? '{}'}`,
    '    components:',
    ...written.components.split('\n').map(line => `      ${line}`),
    '    rings: { dev: { deploy: { target: command, run: ./deploy.sh } } }',
  ].join('\n')
  const reading = readRingFile(text, '.github/rings.yml')
  if (!reading.ok) throw new Error(reading.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  const [solution] = reading.ringFile.solutions
  if (solution === undefined) throw new Error('no solution')
  const texts = new Map(Object.entries(written.files ?? {}))
  const files = [...texts].map(([path, content]) => {
    const component = written.layers?.[path]
    return { path, size: content.length, ...(component === undefined ? {} : { component }) }
  })
  const read = <T>(paths: readonly (string | undefined)[], reader: (text: string, path: string) => FileReading<T>) =>
    new Map(
      paths.flatMap(path => {
        const content = path === undefined ? undefined : texts.get(path)
        return path === undefined || content === undefined ? [] : [[path, reader(content, path)] as const]
      }),
    )
  const places: TextPlaces = reading.places
  const wanted = new Set(pathsToRead(files))
  return {
    solution,
    ringFile: { path: '.github/rings.yml', places },
    files,
    texts: new Map([...texts].filter(([path]) => wanted.has(path))),
    schemas: read(
      solution.components.flatMap(({ input, output }) => [input, output]),
      readJsonSchema,
    ),
    graphs: read(
      solution.components.map(({ graph }) => graph),
      readGraph,
    ),
    treeProblems: [],
    secrets: [],
    published: new Map(),
    ...written.rest,
  }
}

/** Each problem as `severity path:line code message`. */
export function problemsOf(written: WrittenSolution): readonly string[] {
  return compile(factsOf(written)).problems.map(
    ({ severity, path, line, code, message }) => `${severity} ${path}:${line ?? '-'} ${code} ${message}`,
  )
}
