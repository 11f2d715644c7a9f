import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Admission,
  admitCommand,
  commandLimit,
  type RecentCommand,
} from '../../../src/domain/command/rate-limit.ts'
import { epochMs } from '../../../src/domain/units.ts'

function give(instants: readonly number[]): readonly (Admission & { readonly at: number })[] {
  const recent: RecentCommand[] = []
  return instants.map(ms => {
    const at = epochMs(ms)
    const admission = admitCommand(recent, at)
    recent.push({ at, admitted: admission.kind === 'admitted' })
    return { ...admission, at: ms }
  })
}

describe('the limit of commands', () => {
  it('B43: of a hundred in a second ten are taken, and one answer says so', () => {
    const given = give(Array.from({ length: 100 }, (_, n) => n * 10))
    expect(given.filter(({ kind }) => kind === 'admitted')).toHaveLength(10)
    expect(given.filter(one => one.kind === 'limited' && one.isFirst)).toEqual([
      { kind: 'limited', until: 60_000, isFirst: true, at: 100 },
    ])
  })

  it('takes the next one when it said, though commands went on', () => {
    const given = give([...Array.from({ length: 60 }, (_, n) => n * 1_000), 59_999, 60_000])
    expect(given.at(-2)).toMatchObject({ kind: 'limited', until: 60_000, isFirst: false })
    expect(given.at(-1)?.kind).toBe('admitted')
  })

  it('answers again after a quiet minute', () => {
    const burst = (start: number): readonly number[] => Array.from({ length: 12 }, (_, n) => start + n)
    const given = give([...burst(0), ...burst(200_000)])
    expect(given.filter(one => one.kind === 'limited' && one.isFirst)).toHaveLength(2)
  })

  it('never takes more than the limit in any span, and is never closed for ever', () => {
    const gaps = fc.array(fc.oneof(fc.nat(50), fc.nat(20_000)), { maxLength: 80 })
    fc.assert(
      fc.property(gaps, steps => {
        let at = 0
        const given = give(steps.map(step => (at += step)))
        const taken = given.filter(({ kind }) => kind === 'admitted').map(one => one.at)
        for (const start of taken) {
          const inSpan = taken.filter(one => one >= start && one < start + commandLimit.within)
          expect(inSpan.length).toBeLessThanOrEqual(commandLimit.count)
        }
        for (const one of given) {
          const until = one.kind === 'limited' ? one.until : one.at + 1
          expect(until).toBeGreaterThan(one.at)
          expect(until - one.at).toBeLessThanOrEqual(commandLimit.within)
        }
      }),
    )
  })
})
