import { describe, expect, it } from 'vitest'
import { readDuration } from '../../src/domain/duration-notation.ts'

describe('a duration', () => {
  it.each([
    { text: '500ms', ms: 500 },
    { text: '90s', ms: 90_000 },
    { text: '1h30m', ms: 5_400_000 },
    { text: '7d', ms: 604_800_000 },
    { text: '0s', ms: 0 },
    { text: '366d', ms: 31_622_400_000 },
  ])('$text is $ms ms', ({ text, ms }) => {
    expect(readDuration(text)).toEqual({ ok: true, value: ms })
  })

  it.each(['30m1h', '1h1h', '367d', '999999999d'])('%s is none', text => {
    expect(readDuration(text).ok).toBe(false)
  })
})
