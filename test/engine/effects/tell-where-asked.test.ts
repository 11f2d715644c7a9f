import { expect, it } from 'vitest'
import { moveDeployment } from '../../../src/engine/control/move-deployment.ts'
import { openRingInProcess, type RingInProcess } from '../../support/ring-in-process.ts'

async function openPull({ rehearsed }: RingInProcess): Promise<number> {
  await rehearsed.git('checkout', '--quiet', '-b', 'feature')
  await rehearsed.git('commit', '--quiet', '--allow-empty', '-m', 'feature')
  await rehearsed.git('push', '--quiet', 'origin', 'feature')
  const pull = { title: 'a feature', head: 'feature', base: 'main' }
  return Number(
    Reflect.get(Object((await rehearsed.as(rehearsed.bob)('POST /repos/acme/shop/pulls', pull)).body), 'number'),
  )
}

it('a pull request is labelled with how its deployment ended, and the other labels go', async () => {
  const ring = await openRingInProcess(['labels: { success: [live, dev], failure: [broken, dev] }'])
  const pull = await openPull(ring)
  const labels = (): readonly string[] => ring.rehearsed.repository.issues.get(pull)?.labels ?? []
  await ring.rehearsed.as(ring.rehearsed.alice)(`POST /repos/acme/shop/issues/${pull}/labels`, {
    labels: ['Broken', 'mine'],
  })
  const deployment = await ring.place(1, { state: 'validating' }, { pullRequest: pull })
  const active = await ring.run(tx => moveDeployment(tx, deployment, { event: 'validated', words: 'the first here' }))
  await ring.perform()
  expect(labels()).toEqual(['mine', 'live', 'dev'])
  const going = await ring.run(tx => moveDeployment(tx, active, { event: 'rollback_ordered', words: 'by mona' }))
  await ring.run(tx => moveDeployment(tx, going, { event: 'restored', words: 'v0 runs again' }))
  await ring.perform()
  expect(labels()).toEqual(['mine', 'dev', 'broken'])
  await ring.perform()
  expect(labels()).toEqual(['mine', 'dev', 'broken'])
})

it('the ring file may say in its own words what happened; what a stranger wrote stays text', async () => {
  const messages =
    'messages:\n  deployed: "**{{version}}** of {{solution}} answers at {{url}}, says {{actor}}: {{reason}}"\n'
  const ring = await openRingInProcess(['url: https://dev.example.com'], messages)
  const issue = await ring.issue('release')
  const asked = { source: { kind: 'comment', issue, comment: 1 }, reason: '@acme/owners <img> [x](y)' } as const
  const validating = { state: 'validating', url: 'https://dev.example.com' } as const
  const deployment = await ring.place(1, validating, asked)
  await ring.run(tx => moveDeployment(tx, deployment, { event: 'validated', words: 'the first here' }))
  await ring.perform()
  expect(ring.sticky(issue)).toContain(
    '**v1** of shop answers at https://dev.example.com/, says mona: @\u200bacme/owners &lt;img> \\[x\\](y)',
  )
})
