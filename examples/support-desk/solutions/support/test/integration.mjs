// Asks the version that is being validated, at the URL that Ringway was told when it was placed, for what this ring is configured to do.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

const base = process.env['RINGWAY_URL']
assert.ok(base, 'RINGWAY_URL is not set: this check is run by Ringway')
const configuration = JSON.parse(await readFile(process.env['RINGWAY_CONFIG'], 'utf8'))

const tickets = await ask('tickets')
assert.ok(tickets.length > 0, 'the connector has tickets')

const { version, category, answer, refund, classifiedBy } = await ask('triage', { ticket: '1002' })
assert.equal(version, process.env['RINGWAY_VERSION'] || 'draft')
assert.equal(category, 'refund')
assert.match(answer, /^Dear Femi Okoro/)

const paysBack = configuration['FEATURE_AUTOREFUND'] === true && configuration['AUTOREFUND_LIMIT_EUR'] >= 19.9
assert.equal(refund.decision, paysBack ? 'refunded' : 'needs_person')
console.log(`ticket 1002 is a ${category} (${classifiedBy}) and ends as ${refund.decision}`)

async function ask(path, body) {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(new URL(path, base), body === undefined ? {} : post)
  const text = await answer.text()
  assert.equal(answer.status, 200, `/${path} answered ${text}`)
  return JSON.parse(text)
}
