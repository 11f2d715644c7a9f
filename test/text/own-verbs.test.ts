import { expect, it } from 'vitest'
import { verbTable } from '../../src/domain/command/verbs.ts'
import { inOwnVerbs } from '../../src/text/own-verbs.ts'

const verbs = verbTable({ promote: ['.deploy', '.ship'], status: ['.where'], retry: [] })

it.each([
  { says: 'Comment `/promote staging v2`, or `/status`.', own: 'Comment `.deploy staging v2`, or `.where`.' },
  { says: 'Type `/approve`.', own: 'Type `/approve`.' },
  { says: '`/retry dev` is off, and has no other word', own: '`/retry dev` is off, and has no other word' },
  { says: 'not code: /promote; no command: `/promoted`, `/v1/me`, `a /promote`', own: undefined },
])('names commands as the repository does: $says', ({ says, own }) => {
  expect(inOwnVerbs(says, verbs)).toBe(own ?? says)
})
