import fc from 'fast-check'
import { expect, it } from 'vitest'
import { movePointer, type RingPointer, unsetPointer } from '../../src/domain/ring-pointer.ts'

const production: RingPointer = { name: 'production', deployment: 42, revision: 7 }

it('[A3] a ring is a named pointer to a deployment, and starts at nothing', () => {
  expect(unsetPointer('production')).toEqual({ name: 'production', deployment: undefined, revision: 0 })
})

it('[A4] moves when nobody has moved it since', () => {
  expect(movePointer(production, { expectedRevision: 7, to: 43 })).toEqual({
    kind: 'moved',
    pointer: { name: 'production', deployment: 43, revision: 8 },
  })
})

it.each([6, 8, -1, Number.NaN])('[A4] is stale at revision %s, and says what the ring points to', expectedRevision => {
  expect(movePointer(production, { expectedRevision, to: 43 })).toEqual({ kind: 'stale', holder: 42, revision: 7 })
})

it('[C13] [A10] moving back is the same step as moving on', () => {
  const on = movePointer(production, { expectedRevision: 7, to: 43 })
  const back = on.kind === 'moved' ? movePointer(on.pointer, { expectedRevision: 8, to: 42 }) : on
  expect(back).toEqual({ kind: 'moved', pointer: { name: 'production', deployment: 42, revision: 9 } })
})

it('[A4] of any interleaving of movers exactly one wins per revision', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 6 }), async (scheduler, movers) => {
      let pointer = unsetPointer('production')
      const wins: number[] = []
      const losses: { seen: number; live: number; holder: number | undefined }[] = []
      const read = scheduler.scheduleFunction(async () => pointer.revision)
      // The compare and the set are one step, as one SQL statement or one git ref update is.
      const write = scheduler.scheduleFunction(async (expectedRevision: number, to: number) => {
        const outcome = movePointer(pointer, { expectedRevision, to })
        if (outcome.kind === 'moved') pointer = outcome.pointer
        return outcome
      })
      const mover = async (to: number): Promise<void> => {
        const seen = await read()
        const outcome = await write(seen, to)
        if (outcome.kind === 'moved') wins.push(seen)
        else losses.push({ seen, live: outcome.revision, holder: outcome.holder })
      }
      const all = Array.from({ length: movers }, (_, index) => mover(index + 1))
      await scheduler.waitAll()
      await Promise.all(all)
      expect(wins).toEqual(Array.from({ length: pointer.revision }, (_, revision) => revision))
      expect(pointer.revision).toBeGreaterThan(0)
      expect(wins.length + losses.length).toBe(movers)
      expect(losses.every(({ seen, live, holder }) => live > seen && holder !== undefined)).toBe(true)
    }),
    { numRuns: 200, seed: 4 },
  )
})
