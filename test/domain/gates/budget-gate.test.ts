import { expect, it } from 'vitest'
import { budgetGate } from '../../../src/domain/gates/budget-gate.ts'

it.each([
  ['none', undefined, 'pass', 'none asked for'],
  ['none', '200 USD a month', 'pass', '200 USD a month'],
  ['required', '200 USD a month', 'pass', '200 USD a month'],
  ['required', undefined, 'fail', 'the ring has no budget'],
] as const)('a budget, %s, set to %s: %s', (rule, budget, verdict, words) => {
  expect(budgetGate(rule, budget)).toMatchObject({ gate: 'budget', verdict, words })
})
