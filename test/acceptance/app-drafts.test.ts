import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ControlBench, openControlBench } from '../support/control-bench.ts'
import type { TinyRing } from '../support/tiny-solution.ts'

const rings: readonly TinyRing[] = [
  { name: 'preview', lines: ['accepts: drafts', 'who: { promote: [write] }'] },
  { name: 'production', lines: ['after: preview'] },
]

describe('drafts of pull requests', () => {
  let bench: ControlBench
  let pull = 0
  beforeAll(async () => {
    bench = await openControlBench({ solutions: { shop: rings } })
    await bench.push({ 'shop/app.txt': 'one\n' })
    await bench.git('checkout', '--quiet', '-b', 'try')
    await bench.commit({ 'shop/app.txt': 'try\n' })
    await bench.git('push', '--quiet', 'origin', 'HEAD:try')
    const { body } = await bench.api(bench.bob, 'POST /pulls', { title: 'Try', head: 'try', base: 'main' })
    pull = Number(Reflect.get(Object(body), 'number'))
  })
  afterAll(async () => {
    await bench.close()
  })

  it('are shown on the pull request, and enter a ring that accepts them by a comment', async () => {
    await bench.until(() => bench.sticky(pull).includes('draft'), 'the draft is shown')
    // A comment of the same second may have been written before: GitHub's clock has whole seconds. People need one to read.
    await new Promise(resolve => setTimeout(resolve, 2_000))
    await bench.comment(pull, '/promote preview', bench.bob)
    await bench.until(() => bench.machine.serving('preview') === 'try', 'the draft in preview')
    expect(bench.deployments('preview')).toMatchObject([{ payload: { version: null } }])
  })

  it('enter no other ring: merge first', async () => {
    await bench.comment(pull, '/promote production', bench.alice)
    await bench.until(() => bench.sticky(pull).includes('not_merged'), 'that it has to be merged first')
    expect(bench.deployments('production')).toEqual([])
  })

  it.each([
    { row: 'C44', dated: 'now', year: /^20[2-9]\d-/ },
    { row: 'C45', dated: '2001-01-01T00:00:00Z', year: /^2001-/ },
  ])(
    '$row: a push after what was shown, dated $dated, refuses the command, whichever of the two arrives first, and nothing is placed',
    async ({ row, dated, year }) => {
      const before = bench.deployments('preview').length
      // Told of the push first, the App knows no draft of the new head; told of it afterwards, what was shown is not what is there.
      const isRefused = (): boolean => /binding_stale|version_not_named/.test(bench.sticky(pull))
      await bench.quiet()
      await bench.comment(pull, '/status', bench.bob)
      await bench.until(() => !isRefused(), 'another answer')
      await bench.commit({ 'shop/app.txt': `evil ${row}\n` })
      if (dated !== 'now') {
        await bench.git('commit', '--quiet', '--amend', '--no-edit', '--date', dated)
        await bench.git('rebase', '--quiet', '--force-rebase', '--committer-date-is-author-date', 'HEAD~1')
      }
      expect(await bench.git('log', '-1', '--format=%cI')).toMatch(year)
      await bench.git('push', '--quiet', 'origin', 'HEAD:try')
      await bench.comment(pull, '/promote preview', bench.bob)
      await bench.until(isRefused, 'a refusal')
      expect(bench.deployments('preview')).toHaveLength(before)
      expect(bench.machine.serving('preview')).toBe('try')
    },
  )

  it('become a version by the merge, which the merged pull request stands for', async () => {
    await bench.quiet()
    const reports = () => bench.app.log().filter(({ path, status }) => path === '/v1/builds' && status === 200)
    const before = reports().length
    expect(await bench.api(bench.alice, `PUT /pulls/${pull}/merge`, {})).toMatchObject({ status: 200 })
    await bench.until(
      async () => (await bench.tags()).length === 2 && reports().length > before,
      'the version of the merge',
    )
    await bench.comment(pull, '/promote preview', bench.bob)
    await bench.points('preview', 'v2')
    expect(bench.machine.serving('preview')).toBe('evil C45')
  })
})
