import type { Evidence, Feature } from './feature-evidence.ts'
import { markdownTable } from './markdown-table.ts'

/** The groups of the list, by the letter that ids begin with. */
const groups: Readonly<Record<string, string>> = {
  C: 'Compass',
  D: 'DRAGOPS',
  M: 'Manifest',
  F: 'Fruxon',
  A: 'AGNT5',
  I: 'Asked for in public, and offered by none of them',
}

/** `docs/features.md`: every feature with the tests that show it. */
export function featuresPage(features: readonly Feature[], evidence: readonly Evidence[]): string {
  const shown = features.filter(({ id }) => evidence.some(({ ids }) => ids.includes(id)))
  const sections = Object.entries(groups).map(([letter, name]) => {
    const rows = features
      .filter(({ id }) => id.startsWith(letter))
      .map(({ id, feature, observable = '' }) => [id, escaped(feature), escaped(observable), tests(id, evidence)])
    return `## ${letter}: ${name}\n\n${markdownTable(['id', 'feature', 'what one sees', 'shown by'], rows)}\n`
  })
  return `${introduction(shown.length, features.length)}\n${sections.join('\n')}`
}

function introduction(shown: number, all: number): string {
  return `<!-- Generated from the titles of tests by \`npm run docs\`. Do not edit. -->

# Features

Five deployment systems are the floor: what they offer must work here. Their letters stand in the ids. Each id below has the tests whose titles
name it, or *not yet*. A test may show one side of a feature and not all of it: open it to see which.

${shown} of ${all} have a test.
`
}

function tests(id: string, evidence: readonly Evidence[]): string {
  const own = evidence.filter(({ ids }) => ids.includes(id))
  if (own.length === 0) return '*not yet*'
  const byFile = Map.groupBy(own, ({ file }) => file)
  return [...byFile]
    .map(
      ([file, titles]) =>
        `[${file.slice('test/'.length)}](../${file}): ${titles.map(one => escaped(one.title)).join('; ')}`,
    )
    .join('<br>')
}

/** Titles and texts are plain words, in which only code spans are markup. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;' }
  return text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll(/[<>*[\]\\]/g, character => entities[character] ?? `\\${character}`),
    )
    .join('`')
}
