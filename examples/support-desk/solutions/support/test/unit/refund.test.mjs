import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { readRefundPolicy } from '../../refund/refund-policy.mjs'
import { runRefund } from '../../refund/run-refund.mjs'

const reasons = { damaged: { mayRefund: true }, 'price-elsewhere': { mayRefund: false } }
const on = readRefundPolicy({ FEATURE_AUTOREFUND: 'true', AUTOREFUND_LIMIT_EUR: '25' })
const off = readRefundPolicy({ FEATURE_AUTOREFUND: 'false' })

for (const { what, policy, amount, reason, decision, last } of [
  { what: 'small', policy: on, amount: 24.99, reason: 'damaged', decision: 'refunded', last: 'pay-back' },
  { what: 'at the limit', policy: on, amount: 25, reason: 'damaged', decision: 'refunded', last: 'pay-back' },
  {
    what: 'above the limit',
    policy: on,
    amount: 25.01,
    reason: 'damaged',
    decision: 'needs_person',
    last: 'hand-over',
  },
  {
    what: 'small, the feature off',
    policy: off,
    amount: 1,
    reason: 'damaged',
    decision: 'needs_person',
    last: 'hand-over',
  },
  { what: 'for a bad reason', policy: on, amount: 1, reason: 'price-elsewhere', decision: 'refused', last: 'refuse' },
  { what: 'for a reason unheard of', policy: on, amount: 1, reason: 'toString', decision: 'refused', last: 'refuse' },
]) {
  test(`a refund ${what} ends as ${decision}`, () => {
    const result = runRefund({ order: 'A-1', amount, reason }, { policy, reasons })
    assert.deepEqual({ decision: result.decision, last: result.steps.at(-1) }, { decision, last })
  })
}

test('a feature that is on needs its limit', () => {
  assert.throws(() => readRefundPolicy({ FEATURE_AUTOREFUND: 'true' }), /AUTOREFUND_LIMIT_EUR.*nothing came/)
})

test('the steps that it takes are the nodes of the graph', async () => {
  const graph = await readFile(new URL('../../flows/refund.yml', import.meta.url), 'utf8')
  const nodes = [...graph.matchAll(/^ {2}- id: (.*)$/gm)].map(([, id]) => id)
  const taken = ['damaged', 'price-elsewhere'].flatMap(reason =>
    [1, 100].flatMap(amount => runRefund({ order: 'A-1', amount, reason }, { policy: on, reasons }).steps),
  )
  assert.deepEqual(new Set(['request', ...taken]), new Set(nodes))
})
