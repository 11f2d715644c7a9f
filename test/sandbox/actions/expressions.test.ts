import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ExpressionFailure, evaluateExpression } from '../../../src/sandbox/actions/expression/evaluate-expression.ts'
import { hashFiles } from '../../../src/sandbox/actions/expression/hash-files.ts'
import { type Standing, statusFunctions } from '../../../src/sandbox/actions/expression/status-functions.ts'
import { splitTemplate } from '../../../src/sandbox/actions/workflow/split-template.ts'

const contexts = {
  github: { event_name: 'push', event: { commits: [{ id: 'a' }, { id: 'b' }], Text: "it's" } },
  inputs: { dry: false, name: '' },
}

describe('an expression', () => {
  it.each([
    ["github.event_name == 'PUSH'", true],
    ["format('{0} {{x}} {1}', 'a', github.event.commits[1].id)", 'a {x} b'],
    ["join(github.event.commits.*.id, '+')", 'a+b'],
    ['toJSON(github.event.commits.*.id)', '[\n  "a",\n  "b"\n]'],
    ["contains(fromJSON('[1, 2]'), 2) && inputs.dry == false", true],
    ["inputs.name || 'none'", 'none'],
    ["'it''s ''quoted'' twice'", "it's 'quoted' twice"],
    ["github.event.text == 'it''s' && startsWith(github.event_name, 'pu')", true],
    ['github.nothing.at.all', null],
    ['vars.NONE', null],
    ['1 == 1.0 && null == 0', true],
  ])('%s is %j', (expression, value) => {
    expect(evaluateExpression(expression, { contexts, functions: [] })).toEqual(value)
  })

  it.each(["fromJSON('{')", 'nothing.x', 'success(', "format('{1}', 'a')"])(
    '%s fails with the expression named',
    expression => {
      const evaluate = () => evaluateExpression(expression, { contexts, functions: [] })
      expect(evaluate).toThrow(ExpressionFailure)
      expect(evaluate).toThrow(expression)
    },
  )

  // A standing that is added and not here does not compile.
  const table: Record<Standing, Record<string, boolean>> = {
    success: { success: true, failure: false, cancelled: false, always: true },
    failure: { success: false, failure: true, cancelled: false, always: true },
    cancelled: { success: false, failure: false, cancelled: true, always: true },
    skipped: { success: false, failure: false, cancelled: false, always: true },
  }
  it.each([
    { standing: 'success' as const },
    { standing: 'failure' as const },
    { standing: 'cancelled' as const },
    { standing: 'skipped' as const },
  ])('asks how things stand: $standing', ({ standing }) => {
    for (const [name, value] of Object.entries(table[standing]))
      expect(evaluateExpression(`${name}()`, { contexts, functions: statusFunctions(standing) })).toBe(value)
  })

  it('hashes files: one digest over the digests of all that match, nothing when none does', () => {
    const directory = mkdtempSync(join(tmpdir(), 'hash-'))
    mkdirSync(join(directory, 'sub'))
    writeFileSync(join(directory, 'a.lock'), 'a')
    writeFileSync(join(directory, 'sub', 'b.lock'), 'b')
    const scope = { contexts, functions: [hashFiles(directory)] }
    const digest = (text: string) => createHash('sha256').update(text).digest()
    const both = createHash('sha256').update(digest('a')).update(digest('b')).digest('hex')
    expect(evaluateExpression("hashFiles('**/*.lock')", scope)).toBe(both)
    expect(evaluateExpression("hashFiles('**/*.lock', '!sub/**')", scope)).toBe(
      createHash('sha256').update(digest('a')).digest('hex'),
    )
    expect(evaluateExpression("hashFiles('*.none')", scope)).toBe('')
  })
})

it('a text is split at its expressions, and not inside their strings', () => {
  expect(splitTemplate("a ${{ b }} c ${{ format('}} {0}', 'it''s') }}")).toEqual([
    { kind: 'text', text: 'a ' },
    { kind: 'expression', expression: 'b' },
    { kind: 'text', text: ' c ' },
    { kind: 'expression', expression: "format('}} {0}', 'it''s')" },
  ])
})
