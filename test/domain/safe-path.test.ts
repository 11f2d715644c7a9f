import { posix, win32 } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brokenPathRule, collidingPaths } from '../../src/domain/safe-path.ts'

describe('a path of an artifact', () => {
  it.each([
    'a',
    'a/b.txt',
    '.env.example',
    '..a/b',
    'a/...',
    'a b/ü.txt',
    'C',
    'a/C:b',
    `${'x'.repeat(255)}/y`,
    `${'a/'.repeat(511)}bc`,
    '日本/語.txt',
  ])('may be %j', path => {
    expect(brokenPathRule(path)).toBeUndefined()
  })

  it.each([
    { path: '', rule: 'empty_path' },
    { path: '/etc/passwd', rule: 'absolute_path' },
    { path: '//host/share', rule: 'absolute_path' },
    { path: '..', rule: 'parent_path' },
    { path: '../../x', rule: 'parent_path' },
    { path: 'a/../../x', rule: 'parent_path' },
    { path: 'a/..', rule: 'parent_path' },
    { path: 'a\\b', rule: 'backslash' },
    { path: '..\\..\\x', rule: 'backslash' },
    { path: 'C:', rule: 'drive_path' },
    { path: 'c:x', rule: 'drive_path' },
    { path: 'C:/Windows/x', rule: 'drive_path' },
    { path: './a', rule: 'not_normalised' },
    { path: 'a//b', rule: 'not_normalised' },
    { path: 'a/', rule: 'not_normalised' },
    { path: 'a/./b', rule: 'not_normalised' },
    { path: 'u\u0308.txt', rule: 'not_normalised' },
    { path: 'a/'.repeat(512) + 'b', rule: 'long_path' },
    { path: 'x'.repeat(256), rule: 'long_segment' },
    { path: `a/${'ü'.repeat(128)}`, rule: 'long_segment' },
    { path: `${'日'.repeat(86)}/a`, rule: 'long_segment' },
    { path: '😀'.repeat(64), rule: 'long_segment' },
  ])('may not be $path ($rule)', ({ path, rule }) => {
    expect(brokenPathRule(path)).toBe(rule)
  })

  it.each(['a\0b', 'a.js\0/../../x', 'a\nb', '\u001b[2J', 'a\u007f'])('may not hold a control character: %j', path => {
    expect(brokenPathRule(path)).toBe('control_character')
  })

  it('stays below its directory on every system when no rule is broken', () => {
    const part = fc.constantFrom('a', '..', '.', '', '/', '\\', 'C:', '\0', 'ü', 'u\u0308', ' ', ':')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), parts => {
        for (const path of [parts.join(''), parts.join('/')]) {
          if (brokenPathRule(path) !== undefined) continue
          expect(posix.join('/target', path)).toBe(`/target/${path}`)
          expect(win32.resolve('D:\\target', path).startsWith('D:\\target\\')).toBe(true)
          expect(path).toBe(path.normalize('NFC'))
          expect(path).not.toContain('\0')
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('paths that cannot stand beside each other everywhere', () => {
  it.each([
    { paths: ['a', 'b', 'ab', 'c/a'], pairs: [] },
    { paths: ['a', 'b', 'A/c'], pairs: [['a', 'A/c']] },
    {
      paths: ['a/b', 'a/b/c/d', 'a/b/c/e'],
      pairs: [
        ['a/b', 'a/b/c/d'],
        ['a/b', 'a/b/c/e'],
      ],
    },
    { paths: ['straße', 'STRASSE'], pairs: [['straße', 'STRASSE']] },
    { paths: ['Readme', 'README'], pairs: [['Readme', 'README']] },
    { paths: ['src/A.ts', 'SRC/a.ts'], pairs: [['src/A.ts', 'SRC/a.ts']] },
    { paths: ['\u00FC', 'u\u0308'], pairs: [['\u00FC', 'u\u0308']] },
    { paths: ['Ü', 'ü'], pairs: [['Ü', 'ü']] },
    {
      paths: ['x', 'X', 'y', 'x'],
      pairs: [
        ['x', 'X'],
        ['x', 'x'],
      ],
    },
  ])('$paths', ({ paths, pairs }) => {
    expect(collidingPaths(paths)).toEqual(pairs)
  })
})

it('a hundred thousand paths are judged in a moment', () => {
  const paths = Array.from({ length: 100_000 }, (_, number) => `${'deep/'.repeat(number % 60)}${number}`)
  const started = performance.now()
  expect(paths.every(path => brokenPathRule(path) === undefined)).toBe(true)
  expect(collidingPaths(paths)).toEqual([])
  // Half a second on a slow machine; a method that compares each with each takes minutes.
  expect(performance.now() - started).toBeLessThan(10_000)
})
