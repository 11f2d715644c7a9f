import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { currentAttempt } from '../../../src/sandbox/actions/runs/workflow-run.ts'
import { openRehearsal, outcomes, printed, type Rehearsal } from './rehearsal.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures/actions')
const FILES = {
  '.github/workflows/ringway.yml': readFileSync(join(FIXTURES, 'ringway.yml'), 'utf8'),
  'solution.txt': 'a solution',
}

const open: Rehearsal[] = []

async function rehearse(): Promise<Rehearsal> {
  const rehearsal = await openRehearsal({ actions: { 'ringway/ringway': join(FIXTURES, 'ring-stand-in') } })
  open.push(rehearsal)
  return rehearsal
}

afterEach(async () => {
  for (const rehearsal of open.splice(0)) await rehearsal.close()
})

it('the workflow of the README: a push builds, and dispatches the first ring with the token of its job', async () => {
  const rehearsal = await rehearse()
  await rehearsal.push(FILES)
  const build = await rehearsal.finished()
  expect(outcomes(build)).toEqual({ build: 'success', draft: 'skipped', deploy: 'skipped' })
  expect(printed(rehearsal, build)).toEqual(
    expect.arrayContaining(['repo:acme/shop:ref:refs/heads/main ring undefined', 'checked out: true', 'post ran']),
  )
  const deploy = await rehearsal.finished()
  expect(deploy.id).not.toBe(build.id)
  expect(deploy.displayTitle).toBe('deploy v1 to dev p1')
  expect(outcomes(deploy)).toEqual({ build: 'skipped', draft: 'skipped', deploy: 'success' })
  expect(printed(rehearsal, deploy)).toEqual(
    expect.arrayContaining(['repo:acme/shop:environment:dev ring dev', 'deploy v1 to dev']),
  )
  expect(deploy.trigger.actor.login).toBe('github-actions[bot]')
  expect(rehearsal.repository.deployments).toMatchObject([
    { environment: 'dev', statuses: [{}, {}, { state: 'success' }] },
  ])
})

it('a deployment that was opened already is not opened again, and a rollback cancels the one before it', async () => {
  const rehearsal = await rehearse()
  await rehearsal.push({
    ...FILES,
    '.github/workflows/ringway.yml': FILES['.github/workflows/ringway.yml'].replace(
      'push: { branches: [main] }',
      'push: { branches: [none] }',
    ),
  })
  const dispatch = (inputs: Record<string, string>) =>
    rehearsal.api('POST', '/actions/workflows/ringway.yml/dispatches', { body: { ref: 'main', inputs } })
  await dispatch({ environment: 'dev', deployment: '17' })
  const first = await rehearsal.newest()
  await dispatch({ environment: 'dev', command: 'rollback', artifact: 'v1' })
  const second = await rehearsal.finished()
  await rehearsal.finished(first)
  expect(currentAttempt(first).conclusion).toBe('cancelled')
  expect(outcomes(second)).toMatchObject({ deploy: 'success' })
  expect(rehearsal.repository.deployments).toMatchObject([{ environment: 'dev' }])
})
