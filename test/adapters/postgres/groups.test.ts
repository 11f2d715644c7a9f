import { describe, expect, it } from 'vitest'
import { createGroups } from '../../../src/adapters/postgres/groups.ts'

/** Groups of numbers; a write ends when it is let go. A negative number cannot be written. */
function slowGroups(most: { readonly items: number; readonly bytes: number }) {
  const writes: { readonly items: readonly number[]; readonly letGo: () => void }[] = []
  const groups = createGroups<number, string>({
    most,
    sizeOf: Math.abs,
    mayBeOnesFault: error => error instanceof RangeError,
    write: async items => {
      await new Promise<void>(resolve => writes.push({ items, letGo: resolve }))
      if (items.includes(0)) throw new Error('the disk is gone')
      if (items.some(item => item < 0)) throw new RangeError('negative')
      return items.map(item => `wrote ${item}`)
    },
  })
  return {
    groups,
    writes,
    letGo: async (): Promise<void> => {
      for (let index = 0; index < writes.length; index += 1) {
        writes[index]?.letGo()
        await new Promise(resolve => setImmediate(resolve))
      }
    },
  }
}

describe('groups', () => {
  it('write what arrives during a write together, and answer each by itself', async () => {
    const { groups, writes, letGo } = slowGroups({ items: 10, bytes: 1000 })
    const answers = Promise.all([1, 2, 3].map(item => groups.add(item)))
    await letGo()
    expect(await answers).toEqual(['wrote 1', 'wrote 2', 'wrote 3'])
    expect(writes.map(({ items }) => items)).toEqual([[1], [2, 3]])
  })

  it('are never larger than they may be, unless one thing is', async () => {
    const { groups, writes, letGo } = slowGroups({ items: 3, bytes: 100 })
    const answers = Promise.all([1, 2, 3, 4, 5, 60, 60, 500, 1].map(item => groups.add(item)))
    await letGo()
    await answers
    expect(writes.map(({ items }) => items)).toEqual([[1], [2, 3, 4], [5, 60], [60], [500], [1]])
  })

  it('fail only for the one that cannot be written', async () => {
    const { groups, letGo } = slowGroups({ items: 10, bytes: 1000 })
    const answers = Promise.allSettled([1, 2, -3, 4].map(item => groups.add(item)))
    await letGo()
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })

  it('fail as a whole when it is nobody’s fault, and go on with what comes next', async () => {
    const { groups, writes, letGo } = slowGroups({ items: 2, bytes: 1000 })
    const answers = Promise.allSettled([1, 0, 3, 4].map(item => groups.add(item)))
    await letGo()
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(writes).toHaveLength(3)
  })
})
