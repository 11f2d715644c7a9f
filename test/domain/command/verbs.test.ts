import { describe, expect, it } from 'vitest'
import { commandNames } from '../../../src/domain/command/command.ts'
import { usageExample, usageLine } from '../../../src/domain/command/usage.ts'
import { defaultVerbs, isVerb, verbOf, verbTable } from '../../../src/domain/command/verbs.ts'

describe('a verb', () => {
  it.each(['/promote', '.deploy', '!ship-it', ':go', '%go2', '/x', `/${'a'.repeat(39)}`])('may be %s', word =>
    expect(isVerb(word)).toBe(true),
  )
  it.each([
    '',
    '/',
    'promote',
    '>promote',
    '#promote',
    '-promote',
    '*promote',
    '@bot',
    '/Promote',
    '/pro mote',
    '/1',
    '/-a',
    '//a',
    '/zurück',
    '/prоmote',
    '/promote\n',
    `/${'a'.repeat(40)}`,
  ])('may not be %j', word => expect(isVerb(word)).toBe(false))
  it.each(commandNames)('is there for %s', name => {
    expect(verbOf(defaultVerbs, name)).toBe(`/${name}`)
    expect(isVerb(`/${name}`)).toBe(true)
  })
})

describe("a repository's own words", () => {
  const table = verbTable({ promote: ['.deploy', '/promote'], archive: [] })
  it('take the place of the default, for that command alone', () => {
    expect(table.promote).toEqual(['.deploy', '/promote'])
    expect(table.archive).toEqual([])
    expect(table.rollback).toEqual(['/rollback'])
    expect(verbOf(table, 'archive')).toBeUndefined()
  })
})

describe('the usage of a command', () => {
  it.each([
    ['promote', '/promote <ring> [version] [--reason "…"] [--dry-run] [--hotfix] [--skip-order] [-- key=value …]'],
    ['lock', '/lock <ring>|--global [--for 2h] [--reason "…"] [--details]'],
    ['run', '/run <component> [--ring <ring>] <json>'],
    ['help', '/help [command]'],
  ] as const)('%s', (name, line) => expect(usageLine(name, defaultVerbs)).toBe(line))
  it("has the repository's own words", () => {
    const verbs = verbTable({ promote: ['.deploy'] })
    expect(usageLine('promote', verbs)).toMatch(/^\.deploy <ring>/)
    expect(usageExample('promote', verbs)).toMatch(/^\.deploy production v12/)
  })
})
