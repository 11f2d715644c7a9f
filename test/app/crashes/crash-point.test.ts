import { describe, expect, it } from 'vitest'
import { crashPoints, readCrashPoints } from '../../../app/crashes/crash-point.ts'

describe('crash points', () => {
  it('each kills at its time, the others never', () => {
    const words: string[] = []
    const reach = readCrashPoints('commit.ring.before:2, github.react.after', said => words.push(said))
    for (const point of crashPoints) reach(point)
    expect(words).toEqual(['crash point github.react.after'])
    for (const point of crashPoints) reach(point)
    expect(words).toEqual(['crash point github.react.after', 'crash point commit.ring.before'])
    for (const point of crashPoints) reach(point)
    expect(words).toHaveLength(2)
  })

  it.each(['', 'commit.ring', 'commit.ring.before:0', 'commit.ring.before:x', 'lease.before,,lease.after'])(
    'refuses %j, and names those that there are',
    text => {
      expect(() => readCrashPoints(text)).toThrow(/RINGWAY_CRASH_AT .* commit\.ring\.before/)
    },
  )
})
