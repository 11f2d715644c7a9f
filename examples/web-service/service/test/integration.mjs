// Asks the version that is being validated, at the URL that Ringway was told when it was placed.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

const base = process.env['RINGWAY_URL']
assert.ok(base, 'RINGWAY_URL is not set: this check is run by Ringway')
const configuration = JSON.parse(await readFile(process.env['RINGWAY_CONFIG'], 'utf8'))

const { version, links } = await (await fetch(base)).json()
assert.equal(version, process.env['RINGWAY_VERSION'] || 'draft')

for (const [name, url] of Object.entries(links)) {
  const answer = await fetch(new URL(name, base), { redirect: 'manual' })
  assert.equal(answer.status, configuration['REDIRECT_STATUS'], `/${name} redirects as this ring is configured`)
  assert.equal(answer.headers.get('location'), url.replace(/\*$/, ''))
}
console.log(`${Object.keys(links).length} links lead where they should`)
