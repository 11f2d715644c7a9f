import { describe, expect, it } from 'vitest'
import { fillMessage, messagePlaceholders, unknownPlaceholders } from '../../src/domain/message-template.ts'

const values = {
  solution: 'support',
  ring: 'production',
  environment: 'support-production',
  version: 'v42',
  digest: 'sha256:00',
  commit: 'abc',
  previous: 'v41',
  state: 'active',
  url: 'https://example.com',
  run: 'https://github.com/r',
  actor: 'ada',
  reason: '{{version}} $& $1 ${process.exit(1)}',
}

describe('a message', () => {
  it.each([
    ['{{version}} is in {{ ring }}: {{url}}', 'v42 is in production: https://example.com'],
    ['nothing to fill in', 'nothing to fill in'],
    ['{{version}}{{version}}', 'v42v42'],
    ['{ {version}} {version} {{}}', '{ {version}} {version} {{}}'],
    ['{{{version}}}', '{v42}'],
    ['{{constructor}}', '{{constructor}}'],
  ])('%s', (template, filled) => {
    expect(fillMessage(template, values)).toBe(filled)
  })
  it('is filled in once: what a value holds is text', () => {
    expect(fillMessage('because: {{reason}}', values)).toBe(`because: ${values.reason}`)
  })
  it('knows every placeholder, and names those that it does not know', () => {
    const every = messagePlaceholders.map(name => `{{${name}}}`).join(' ')
    expect(unknownPlaceholders(every)).toEqual([])
    expect(fillMessage(every, values)).toBe(messagePlaceholders.map(name => values[name]).join(' '))
    expect(unknownPlaceholders('{{verson}} {{ env.HOME }} {{}} {{constructor}}')).toEqual([
      'verson',
      'env.HOME',
      '',
      'constructor',
    ])
  })
})
