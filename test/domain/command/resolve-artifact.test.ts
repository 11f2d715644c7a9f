import { describe, expect, it } from 'vitest'
import { type Command, commandNames } from '../../../src/domain/command/command.ts'
import type { NamedArtifact } from '../../../src/domain/command/named-artifact.ts'
import { readCommand } from '../../../src/domain/command/read-command.ts'
import { type Place, refusedAtPlace, resolveArtifact } from '../../../src/domain/command/resolve-artifact.ts'
import { usageExample } from '../../../src/domain/command/usage.ts'
import { defaultVerbs } from '../../../src/domain/command/verbs.ts'
import { digestOf } from '../../support/ring-records.ts'

const v12: NamedArtifact = { kind: 'version', number: 12 }
const draft: NamedArtifact = { kind: 'digest', digest: digestOf(5) }
const published = { name: 'staging', accepts: 'versions' } as const
const drafts = { name: 'dev', accepts: 'drafts' } as const

const merged = { kind: 'merged_pull_request', version: 7 } as const
const open = { kind: 'open_pull_request', fromFork: false, draft: digestOf(5) } as const
const fork = { ...open, fromFork: true } as const
const places: readonly Place[] = [
  merged,
  open,
  { kind: 'closed_pull_request', fromFork: false },
  { kind: 'issue' },
  { kind: 'elsewhere' },
]

describe('the artifact that a promotion means', () => {
  it.each(places)('one that is named, on %j', place => {
    expect(resolveArtifact(v12, place, published)).toEqual({ kind: 'artifact', artifact: v12, from: 'named' })
    expect(resolveArtifact(draft, place, published)).toEqual({ kind: 'artifact', artifact: draft, from: 'named' })
  })

  it.each<[string, Place, typeof published | typeof drafts, unknown]>([
    ['merged', merged, published, { kind: 'artifact', artifact: { kind: 'version', number: 7 }, from: 'merge' }],
    ['open, into a ring that takes drafts', open, drafts, { kind: 'artifact', artifact: draft, from: 'head' }],
    ['open, into another', open, published, { code: 'not_merged', remedy: expect.stringMatching(/^Merge first/) }],
    ['open, not built yet', { ...open, draft: undefined }, drafts, { code: 'version_not_named' }],
    ['merged, and nothing was built', { ...merged, version: undefined }, published, { code: 'version_not_named' }],
    ['closed', { kind: 'closed_pull_request', fromFork: false }, published, { code: 'version_not_named' }],
    [
      'B39: an issue',
      { kind: 'issue' },
      published,
      { code: 'version_not_named', remedy: expect.stringContaining('`v12`') },
    ],
    ['the console', { kind: 'elsewhere' }, published, { code: 'version_not_named' }],
  ])('%s', (_, place, ring, expected) =>
    expect(resolveArtifact(undefined, place, ring)).toMatchObject(expected as object),
  )

  it('C53: from a fork is none, not even one that is named', () => {
    for (const named of [undefined, v12]) {
      expect(resolveArtifact(named, fork, drafts)).toMatchObject({ code: 'fork_not_allowed' })
      expect(resolveArtifact(named, { kind: 'closed_pull_request', fromFork: true }, drafts)).toMatchObject({
        code: 'fork_not_allowed',
      })
    }
  })
})

describe('C53: on a pull request from a fork', () => {
  const commandOf = (name: (typeof commandNames)[number]): Command => {
    const reading = readCommand(usageExample(name, defaultVerbs), defaultVerbs)
    if (reading.kind !== 'command') throw new TypeError(name)
    return reading.command
  }
  const looks = ['status', 'diff', 'help']
  it.each(commandNames)('%s', name => {
    const expected = looks.includes(name) ? undefined : { code: 'fork_not_allowed' }
    const refused = refusedAtPlace(commandOf(name), fork)
    expect(refused === undefined ? undefined : { code: refused.code }).toEqual(expected)
    for (const place of places) expect(refusedAtPlace(commandOf(name), place)).toBeUndefined()
  })
})
