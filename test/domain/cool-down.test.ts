import { describe, expect, it } from 'vitest'
import { coolDownEnd } from '../../src/domain/cool-down.ts'
import { type Promotion } from '../../src/domain/promotion.ts'
import { durationMs, epochMs } from '../../src/domain/units.ts'

const automatic = { kind: 'automatic', after: 'lost_run' } as const

function rollback(id: string, at: number, rest: Partial<Promotion> = {}) {
  return { id, task: 'rollback', source: automatic, requestedAt: epochMs(at), ...rest } as const
}

describe('the cool-down of automatic rollbacks', () => {
  const of = (promotions: ReturnType<typeof rollback>[], ends: Record<string, number>) =>
    coolDownEnd({
      deployment: 7,
      history: Object.entries(ends).map(([promotion, ended]) => ({ promotion, ends: ended })),
      promotions,
      coolDown: durationMs(600),
    })

  it.each([
    ['nothing was rolled back', [], {}, undefined],
    ['another deployment was', [rollback('a', 1_000)], { a: 6 }, 1_600],
    ['the newest one counts', [rollback('b', 2_000), rollback('a', 1_000)], { a: 5, b: 6 }, 2_600],
    ['a further attempt for the same deployment', [rollback('a', 1_000)], { a: 7 }, undefined],
    ['a person did it', [rollback('a', 1_000, { source: { kind: 'api' } })], { a: 6 }, undefined],
    ['a promotion by itself', [rollback('a', 1_000, { task: 'deploy' })], { a: 6 }, undefined],
  ] as const)('%s', (_why, promotions, ends, expected) => expect(of([...promotions], ends)).toBe(expected))
})
