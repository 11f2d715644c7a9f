import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { complete } from '../../reply/complete.mjs'
import { classifyByKeyword } from '../../triage/classify-by-keyword.mjs'
import { triageTicket } from '../../triage/triage-ticket.mjs'

const read = path => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
const prompt = await read('reply/prompt.md')
const tickets = JSON.parse(await read('zendesk/tickets.json'))
const ticket = id => tickets.find(each => each.id === id)
const tools = {
  classify: async each => ({ category: classifyByKeyword(each) }),
  reply: facts => complete(prompt, facts),
  refund: async ({ order }) => ({ order, decision: 'refunded', steps: [] }),
}

for (const { id, category, priority, says } of [
  { id: '1001', category: 'delivery', priority: 'normal', says: /carrier/ },
  { id: '1002', category: 'refund', priority: 'normal', says: /order A-2231\. 19\.9 EUR are on their way/ },
  { id: '1003', category: 'refund', priority: 'high', says: /A-2240/ },
  { id: '1004', category: 'account', priority: 'high', says: /Forgot password/ },
]) {
  test(`ticket ${id} is about ${category}`, async () => {
    const result = await triageTicket(ticket(id), tools)
    assert.equal(result.category, category)
    assert.equal(result.priority, priority)
    assert.match(result.answer, says)
    assert.doesNotMatch(result.answer, /\{\{/)
  })
}

test('a ticket is answered also when the classifier does not run, and the answer says so', async () => {
  const classify = async () => {
    throw new Error('python3 is missing')
  }
  const result = await triageTicket(ticket('1002'), { ...tools, classify })
  assert.equal(result.category, 'refund')
  assert.equal(result.classifiedBy, 'keywords, because python3 is missing')
})
