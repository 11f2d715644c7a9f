import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../classify/classify.py', import.meta.url))
const run = input => spawnSync('python3', [program], { input, encoding: 'utf8' })
const skip = run('{}').error === undefined ? false : 'python3 is not on this machine'

for (const { text, category } of [
  { text: 'It arrived broken: I would like my money back', category: 'refund' },
  { text: 'What a lovely shop', category: 'other' },
]) {
  test(`"${text}" is about ${category}`, { skip }, () => {
    const { stdout } = run(JSON.stringify({ subject: '', text }))
    const answer = JSON.parse(stdout)
    assert.equal(answer.category, category)
    assert.ok(answer.confidence >= 0 && answer.confidence <= 1)
  })
}

test('says what it expected', { skip }, () => {
  const { status, stderr } = run('{"subject":"no text"}')
  assert.notEqual(status, 0)
  assert.match(stderr, /expected JSON with `subject` and `text`/)
})
