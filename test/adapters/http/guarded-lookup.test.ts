import { describe, expect, it } from 'vitest'
import { type AllowedReach, guardedLookup } from '../../../src/adapters/http/guarded-lookup.ts'

function lookUp(host: string, allowed: AllowedReach, all: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    guardedLookup(allowed)(host, { all }, (error, address) => (error === null ? resolve(address) : reject(error)))
  })
}

describe('looking up where a subscriber is', () => {
  it('a name that leads to this machine is refused, whatever it is called', async () => {
    await expect(lookUp('localhost', 'global', true)).rejects.toThrow('localhost leads to a private network')
    await expect(lookUp('localhost', 'global', false)).rejects.toThrow('localhost leads to a private network')
  })

  it('gives the addresses that it judged', async () => {
    expect(await lookUp('localhost', 'global_and_private', true)).toContainEqual({ address: '127.0.0.1', family: 4 })
    expect(await lookUp('localhost', 'global_and_private', false)).toMatch(/^(?:127\.0\.0\.1|::1)$/)
  })

  it('says of an unknown name what the system says', async () => {
    await expect(lookUp('nowhere.invalid', 'global', true)).rejects.toMatchObject({ code: expect.stringMatching(/^E/) })
  })
})
