import { Composer, type Document, type ParsedNode, Parser } from 'yaml'
import type { Problem, ProblemCode } from '../problem.ts'
import { buildTree, type Dialect, type Fault } from './build-tree.ts'
import { syntaxWords } from './syntax-words.ts'
import { textFault } from './text-limits.ts'
import { type Place, placesIn } from './text-place.ts'
import type { YamlNode } from './yaml-tree.ts'

/** More problems than a person can use are not listed. */
export const mostProblems = 100

/** What reading a text gave. There may be both: a tree of what could be understood, and problems. */
export interface YamlReading {
  readonly root: YamlNode
  readonly problems: readonly Problem[]
  /** Turns an offset into the file's own words for a place. */
  readonly placeOf: (offset: number) => Place
}

/** Where a text comes from, and how strict its scalars are. */
export interface YamlSource {
  /** The file's name, as problems show it. */
  readonly path: string
  readonly dialect: Dialect
}

/**
 * Reads one YAML document that nobody can misuse: 64 KB, 32 levels, no aliases, anchors, tags, directives, merges or second documents, no key
 * twice, and no unquoted word that YAML readers disagree about. Never throws, whatever the text.
 */
export function readYaml(text: string, source: YamlSource): YamlReading {
  const placeOf = placesIn(text)
  const problem = (fault: Fault & { readonly code: ProblemCode }): Problem => ({
    severity: 'error',
    path: source.path,
    ...placeOf(fault.offset),
    code: fault.code,
    key: fault.key ?? '',
    message: fault.message,
    ...(fault.suggestion === undefined ? {} : { suggestion: fault.suggestion }),
  })

  const unfit = textFault(text)
  if (unfit !== undefined) return { root: emptyTree, problems: [problem(unfit)], placeOf }
  const [document, ...others] = parse(text)
  if (document === undefined) return { root: emptyTree, problems: [], placeOf }
  const syntax = document.errors.map(({ code, message, pos }) => ({
    code: 'syntax' as const,
    message: syntaxWords(code, message),
    offset: pos[0],
  }))
  const guessedFrom = Math.min(...syntax.map(({ offset }) => offset))
  const second = others.flatMap(({ range }) => [
    { code: 'not_allowed' as const, message: 'The file holds a second document; a file is one.', offset: range[0] },
  ])
  const { root, faults } = buildTree(document.contents, source.dialect)
  // What stands behind a syntax error was guessed by the parser: complaints about it would send people the wrong way.
  const sure = [...second, ...faults, ...directives(text, source.dialect)].filter(({ offset }) => offset < guessedFrom)
  const inOrder = [...oncePerLine(syntax, placeOf), ...sure].toSorted((a, b) => a.offset - b.offset)
  return { root, problems: inOrder.slice(0, mostProblems).map(problem), placeOf }
}

/** One mistake makes the parser complain about every word that comes after it. */
function oncePerLine<T extends { readonly offset: number }>(
  faults: readonly T[],
  placeOf: (offset: number) => Place,
): readonly T[] {
  const byLine = Map.groupBy(faults, ({ offset }) => placeOf(offset).line)
  return [...byLine.values()].flatMap(([first]) => (first === undefined ? [] : [first]))
}

const emptyTree: YamlNode = { value: null, offset: 0, children: new Map() }

function parse(text: string): Document.Parsed<ParsedNode>[] {
  // `failsafe` reads every scalar as text: what an unquoted word means is decided in one place, plain-scalar.ts.
  // That no key stands twice is checked in build-tree.ts, because the library compares each pair of keys.
  const composer = new Composer<ParsedNode>({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  return [...composer.compose(new Parser().parse(text), true, text.length)]
}

function directives(text: string, dialect: Dialect): readonly (Fault & { readonly code: ProblemCode })[] {
  const found = dialect === 'yaml' ? /^(?:[ \t]*(?:#.*)?\r?\n)*%/.exec(text) : null
  if (found === null) return []
  const offset = found[0].length - 1
  return [{ code: 'not_allowed', message: 'YAML directives (`%`) are not read; remove the line.', offset }]
}
