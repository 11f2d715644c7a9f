import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openLog } from '../../../app/log/open-log.ts'

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
const jwt = `eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI0NzExIn0.${'s'.repeat(40)}`

function logged(secrets: readonly string[], ...fields: readonly [object, string]): string {
  const lines: string[] = []
  openLog({ level: 'info', secrets, sink: { write: line => lines.push(line) } }).info(...fields)
  const [line = ''] = lines
  // Whatever was taken out, what is left is one JSON object.
  expect(JSON.parse(line)).toMatchObject({ level: 'info' })
  return line
}

describe('a line of the log', () => {
  it('is JSON with its level in words and the time', () => {
    const line = logged([], { ring: 'staging' }, 'promoted')
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      ring: 'staging',
      msg: 'promoted',
    })
  })

  it.each([
    ['a known secret', ['pa"ss\\word'], 'connect with pa"ss\\word failed'],
    ['a known secret with the characters of a pattern', ['(a+)+$[x]'], 'it was (a+)+$[x]'],
    ['a secret that holds another', ['secret-one', 'secret-one-longer'], 'secret-one-longer'],
    ['the private key', [pem], `the key is ${pem}`],
    ['a line of the private key', [pem], `decoding ${pem.split('\n')[3]} failed`],
    ['any private key', [], `-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----`],
    ['a private key that was cut off', [], `-----BEGIN PRIVATE KEY-----\nMIIEow\n`],
    ['a token of a person', [], `token ghp_${'a'.repeat(36)}`],
    [
      'a token of an installation as it is since 2026',
      [],
      `Bearer ghs_${'a'.repeat(20)}.${'b'.repeat(300)}.${'c_-'.repeat(60)}`,
    ],
    ['tokens of users and refreshes', [], `gho_${'a'.repeat(36)} ghu_${'b'.repeat(36)} ghr_${'c'.repeat(36)}`],
    ['a fine-grained token', [], `github_pat_${'a1_'.repeat(27)}`],
    ['a JSON Web Token', [], `authorization: bearer ${jwt}`],
  ])('does not hold %s, wherever it stands', (_what, secrets, text) => {
    const values = [...secrets, ...text.split(/\s+/)].filter(
      value => /[a-z0-9]{6}/i.test(value) && /secret|gh[pousr]_|github_pat|eyJ|MII|pa"ss|\(a\+/.test(value),
    )
    for (const line of [
      logged(secrets, {}, text),
      logged(secrets, { err: new Error(text), deep: { list: [text] } }, 'failed'),
    ]) {
      expect(line).toContain('[redacted]')
      for (const value of values) {
        expect(line).not.toContain(value)
        expect(line).not.toContain(JSON.stringify(value).slice(1, -1))
      }
      expect(line).not.toMatch(/MII[A-Za-z]|gh[pousr]_[a-c]|github_pat_a|eyJpc3|secret-one/)
    }
  })

  it('keeps ordinary words, and what stands beside a secret', () => {
    const line = logged(
      ['abc'],
      { url: 'https://github.com/acme/shop', digest: `sha256:${'0'.repeat(64)}` },
      'abc ghs_ eyJ -----BEGIN',
    )
    expect(line).not.toContain('redacted')
    expect(logged([], {}, `before ghp_${'a'.repeat(36)} after`)).toMatch(/before \[redacted\] after/)
  })

  it('is written by children of the log as well', () => {
    const lines: string[] = []
    const log = openLog({ level: 'info', secrets: ['a-known-secret'], sink: { write: line => lines.push(line) } })
    log.child({ token: 'a-known-secret' }).info('hello')
    expect(lines.join('')).not.toContain('a-known-secret')
  })
})
