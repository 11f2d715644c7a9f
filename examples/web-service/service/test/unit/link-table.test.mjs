import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { readLinkTable, resolveLink } from '../../link-table.mjs'

const links = readLinkTable('{"docs":"https://example.com/docs","issue":"https://example.com/issues/*"}')

for (const { path, leadsTo } of [
  { path: '/docs', leadsTo: 'https://example.com/docs' },
  { path: '/docs/more', leadsTo: undefined },
  { path: '/issue/42', leadsTo: 'https://example.com/issues/42' },
  { path: '/issue/42/files', leadsTo: 'https://example.com/issues/42/files' },
  { path: '/unknown', leadsTo: undefined },
  { path: '/', leadsTo: undefined },
]) {
  test(`${path} leads to ${leadsTo}`, () => assert.equal(resolveLink(links, path), leadsTo))
}

test('names every link that is wrong', () => {
  const table = {
    Docs: 'https://example.com',
    healthz: 'https://example.com',
    mail: 'javascript:alert(1)',
    gone: 'nowhere',
  }
  assert.throws(
    () => readLinkTable(JSON.stringify(table)),
    error => {
      for (const name of Object.keys(table)) assert.match(error.message, new RegExp(`^${name}: `, 'm'))
      return true
    },
  )
})

test('the links that are deployed are right', async () => {
  const table = readLinkTable(await readFile(new URL('../../links.json', import.meta.url), 'utf8'))
  assert.ok(table.size > 0)
})
