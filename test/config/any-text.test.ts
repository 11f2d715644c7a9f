import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../src/config/problem.ts'
import { readGraph } from '../../src/config/read-graph.ts'
import { readJsonSchema } from '../../src/config/read-json-schema.ts'
import { readOrganisationFile } from '../../src/config/read-organisation-file.ts'
import { readRingFile } from '../../src/config/read-ring-file.ts'

type Reader = (
  text: string,
  path: string,
) => { readonly ok: true } | { readonly ok: false; readonly problems: readonly Problem[] }

const readers: readonly { readonly what: string; readonly read: Reader }[] = [
  { what: 'ring file', read: readRingFile },
  { what: "organisation's file", read: readOrganisationFile },
  { what: 'graph', read: readGraph },
  { what: 'JSON Schema', read: readJsonSchema },
]

const whole = `version: 1
workflow: ringway.yml
config: { LOG_LEVEL: info, RETRIES: 3, FAST: true }
solutions:
  support:
    path: solutions/support
    include: ["**"]
    components:
      triage: { kind: agent, start: node t.js, path: /t, uses: [billing/lookup@v12], secrets: [KEY], timeout: 60s }
    rings:
      dev: { deploy-on: push, deploy: { target: command, run: ./deploy.sh } }
      production:
        after: dev
        checks: [ { http: /healthz, expect: 200, within: 60s }, { run: npm test } ]
        gates:
          approvals: { count: 2, from: [team:sre], self: false }
          soak: 30m
          windows: { allow: "Mon-Thu 09:00-16:00 Europe/Berlin", freeze: [ { from: 2026-12-20, to: 2027-01-03, reason: holidays } ] }
`

const marks = [
  '\n',
  '  ',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  ',',
  '"',
  "'",
  '|',
  '>',
  '&a',
  '*a',
  '!!',
  '#',
  '?',
  '%',
  '<<',
  '\t',
  '~',
]
const punctuation = fc.constantFrom(...marks)
const word = fc.constantFrom(...whole.split(/[\s,{}[\]:]+/).filter(text => text !== ''), '__proto__', 'null', '1e999')
const soup = fc
  .array(fc.oneof(punctuation, word, fc.string({ maxLength: 4 })), { maxLength: 60 })
  .map(parts => parts.join(''))

/** The whole file with pieces cut out, doubled or replaced: most of it is right, as it is in life. */
const damaged = fc
  .array(fc.tuple(fc.nat(whole.length), fc.nat(12), fc.oneof(fc.constant(''), punctuation, word)), {
    minLength: 1,
    maxLength: 4,
  })
  .map(cuts =>
    cuts.reduce((text, [at, length, instead]) => text.slice(0, at) + instead + text.slice(at + length), whole),
  )

/** Maps and lists of anything under the words of the grammar, as JSON, which is YAML. */
const shaped = fc
  .json({ maxDepth: 6 })
  .map(inner => `version: 1\nsolutions: { support: { components: ${inner}, rings: { dev: ${inner} } } }`)

const text = fc.oneof(soup, damaged, shaped, fc.json(), fc.string({ unit: 'binary', maxLength: 80 }))

/** A place is inside the text, or right behind its end; what a message quotes of the text breaks no line. */
function expectInside(written: string, problem: Problem): void {
  const lines = written.split('\n')
  expect(problem.line).toBeGreaterThanOrEqual(1)
  expect(problem.line).toBeLessThanOrEqual(lines.length)
  expect(problem.column).toBeGreaterThanOrEqual(1)
  expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1] ?? '').length + 1)
  expect(problem.message).toMatch(/^[^\p{Cc}]{10,}$/u)
}

describe.each(readers)('[F101] any text as $what', ({ read }) => {
  it('is read or has problems, each with a place inside the text', () => {
    let refused = 0
    fc.assert(
      fc.property(text, written => {
        const reading = read(written, 'file.yml')
        if (reading.ok) return
        refused += 1
        expect(reading.problems.length).toBeGreaterThan(0)
        for (const problem of reading.problems) expectInside(written, problem)
      }),
      { numRuns: 600 },
    )
    expect(refused).toBeGreaterThan(100)
  })

  it('gives the same answer twice', () => {
    fc.assert(
      fc.property(text, written => {
        expect(read(written, 'file.yml')).toEqual(read(written, 'file.yml'))
      }),
    )
  })
})

it('a damaged ring file is told from a whole one', () => {
  expect(readRingFile(whole).ok).toBe(true)
  const verdicts = fc.sample(damaged, { seed: 1, numRuns: 300 }).map(written => readRingFile(written).ok)
  expect(verdicts.filter(ok => !ok).length).toBeGreaterThan(100)
})
