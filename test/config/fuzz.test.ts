import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { Problem } from '../../src/config/problem.ts'
import { readGraph } from '../../src/config/read-graph.ts'
import { readJsonSchema } from '../../src/config/read-json-schema.ts'
import { readOrganisationFile } from '../../src/config/read-organisation-file.ts'
import { readRingFile } from '../../src/config/read-ring-file.ts'
import { smallRingFile } from './ring-file-text.ts'

type Reader = (text: string) => { readonly ok: true } | { readonly ok: false; readonly problems: readonly Problem[] }

const readers: Readonly<Record<string, Reader>> = {
  'a ring file': text => readRingFile(text),
  "an organisation's file": text => readOrganisationFile(text),
  'a graph': text => readGraph(text, 'graph.yml'),
  'a JSON Schema': text => readJsonSchema(text, 'schema.json'),
}

/** Words that mean something to the grammar or to YAML, thrown together. */
const words = fc.array(
  fc.oneof(
    {
      arbitrary: fc.constantFrom(
        'version',
        'solutions',
        'rings',
        'after',
        'deploy',
        'checks',
        'nodes',
        'edges',
        'id',
        'type',
        '$ref',
        'properties',
      ),
      weight: 4,
    },
    {
      arbitrary: fc.constantFrom(
        ': ',
        '- ',
        '\n',
        '\n  ',
        '\n    ',
        '[',
        ']',
        '{',
        '}',
        ', ',
        '"',
        "'",
        '#',
        '&a ',
        '*a',
        '!!x ',
        '|\n',
        '>',
        '? ',
        '%',
        '---\n',
        '<<: ',
        '\t',
        '\r\n',
      ),
      weight: 6,
    },
    {
      arbitrary: fc.constantFrom(
        '1',
        'no',
        '~',
        '1e9',
        '0x1',
        '60s',
        'push',
        './deploy.sh',
        '__proto__',
        'a.b -> c.d',
        '\uFEFF',
        '\0',
        '\u{1F600}',
      ),
      weight: 3,
    },
    { arbitrary: fc.string({ maxLength: 8 }), weight: 1 },
  ),
  { maxLength: 60 },
)
const noise = fc.oneof(
  words.map(parts => parts.join('')),
  fc.string({ unit: 'binary' }),
)
/** Values of any shape in the places of a ring file. */
const values = fc.object({
  key: fc.constantFrom(
    'version',
    'solutions',
    'a',
    'components',
    'rings',
    'dev',
    'deploy',
    'run',
    'gates',
    'windows',
    'allow',
    'uses',
    'nodes',
    'edges',
    'config',
  ),
  maxDepth: 7,
  withNullPrototype: false,
})

/** Problems that say nothing, or whose place is outside of the text; a refusal without any problem counts as one. */
function faulty(text: string, read: Reader): readonly unknown[] {
  const reading = read(text)
  if (reading.ok) return []
  if (reading.problems.length === 0) return ['refused without a problem']
  const lines = text.split('\n')
  return reading.problems.filter(({ line, column, message }) => {
    const width = lines[line - 1]?.length ?? -1
    return message === '' || /[\n\r\0]/.test(message) || line < 1 || column < 1 || column > width + 1
  })
}

describe.each(Object.entries(readers))('whatever stands in %s', (_name, read) => {
  it('bad input F101 any text is read or refused with places inside the text', () => {
    fc.assert(
      fc.property(noise, text => {
        expect(faulty(text, read)).toEqual([])
      }),
      { numRuns: 800 },
    )
  })

  it('bad input F101 any value as YAML and as JSON', () => {
    fc.assert(
      fc.property(values, fc.boolean(), (value, asJson) => {
        const text = asJson ? JSON.stringify(value, undefined, 1) : stringify(value)
        expect(faulty(text, read)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })
})

it('bad input F101 a good ring file with one place changed is read or refused with places inside the text', () => {
  const good = smallRingFile({
    component: 'start: node a.js\nuses: [x/y@v1]',
    ring: 'gates: { soak: 0s, windows: { allow: Mon 09:00-16:00 UTC } }',
  })
  fc.assert(
    fc.property(fc.nat({ max: good.length }), fc.nat({ max: 12 }), words, (at, cut, parts) => {
      const text = good.slice(0, at) + parts.join('') + good.slice(at + cut)
      expect(faulty(text, readRingFile)).toEqual([])
    }),
    { numRuns: 800 },
  )
})

it('what a person quotes arrives as it stands', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~]{0,30}$/), value => {
      const reading = readRingFile(smallRingFile({ file: `config: { A: ${JSON.stringify(value)} }` }))
      expect(reading.ok && reading.ringFile.config['A']).toBe(value)
    }),
  )
})

it('what a person does not quote arrives as it stands, or is refused', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9.+_-]{1,12}$/), value => {
      const reading = readRingFile(smallRingFile({ file: `config:\n  A: ${value}` }))
      const arrived = reading.ok ? reading.ringFile.config['A'] : value
      expect(String(arrived)).toBe(value)
    }),
    { numRuns: 1_000 },
  )
})
