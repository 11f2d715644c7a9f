import { describe, expect, it } from 'vitest'
import { closest } from '../../src/domain/closest.ts'

describe('a word that was probably meant', () => {
  const keys = ['after', 'deploy-on', 'promote', 'environment', 'auto', 'checks']
  it.each([
    { word: 'deployOn', meant: 'deploy-on' },
    { word: 'deploy_on', meant: 'deploy-on' },
    { word: 'afetr', meant: 'after' },
    { word: 'enviroment', meant: 'environment' },
    { word: 'automatic', meant: 'auto' },
    { word: 'env', meant: 'environment' },
    { word: 'check', meant: 'checks' },
    { word: 'zebra', meant: undefined },
    { word: '', meant: undefined },
    { word: 'a'.repeat(10_000), meant: undefined },
  ])('$word: $meant', ({ word, meant }) => {
    expect(closest(word, keys)).toBe(meant)
  })

  it('counts no more mistakes than are allowed', () => {
    expect(closest('/rolbakc', ['/rollback'])).toBe('/rollback')
    expect(closest('/rolbakc', ['/rollback'], 1)).toBeUndefined()
    expect(closest('/rolback', ['/rollback'], 1)).toBe('/rollback')
  })
})
