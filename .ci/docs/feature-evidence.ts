import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

/** A feature of the list that this project is measured by. */
export interface Feature {
  /** `C13`, `F2a`, `I8` */
  readonly id: string
  readonly feature: string
  /** What a person or a test can see when it works. */
  readonly observable?: string | undefined
}

/** A test, or a group of tests, whose title names features. */
export interface Evidence {
  /** Relative to the repository, with `/`. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Without the ids. */
  readonly title: string
  readonly ids: readonly string[]
}

const featureList = z.array(z.strictObject({ id: z.string(), feature: z.string(), observable: z.string().optional() }))

/** Every feature, in the order of the list. */
export function readFeatures(root: string): readonly Feature[] {
  return featureList.parse(JSON.parse(readFileSync(join(root, 'test', 'fixtures', 'features.json'), 'utf8')))
}

/** Every title in `test/` that begins with the ids of features in brackets. What is skipped shows nothing. */
export function findEvidence(root: string): readonly Evidence[] {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map(name => `test/${name.replaceAll('\\', '/')}`)
    .filter(name => name.endsWith('.test.ts'))
    .toSorted()
  return files.flatMap(file => evidenceIn(file, readFileSync(join(root, file), 'utf8')))
}

/** The first argument of a call, when it is text that begins with ids: `it('[D2] …'`, `it.each(table)('[M6] [M11] …'`. */
const title =
  /(?<before>[\w.]*)\(\s*(?<quote>['"`])(?<ids>(?:\[[A-Z]\d+[a-z]?\] )+)(?<words>(?:\\.|(?!\k<quote>).)*)\k<quote>/g

/** The titles of one file that name features. */
export function evidenceIn(file: string, text: string): readonly Evidence[] {
  return [...text.matchAll(title)].flatMap(({ groups = {}, index }) => {
    if (/\.(?:skip|todo)$/.test(groups['before'] ?? '')) return []
    return {
      file,
      line: text.slice(0, index).split('\n').length,
      title: (groups['words'] ?? '').replaceAll(/\\(.)/g, '$1'),
      ids: [...(groups['ids'] ?? '').matchAll(/\[([^\]]+)\]/g)].map(([, id = '']) => id),
    }
  })
}
