import { afterAll, beforeAll, expect, it } from 'vitest'
import { guardByApp } from '../support/guard-by-app.ts'
import { endOf, jobOf, openWorkbench, type Workbench } from '../support/workbench.ts'

let bench: Workbench
const rings = ['dev', 'staging', 'production']
const digestsOf = (ring: string) =>
  new Set(
    bench.machine.calls
      .filter(call => call.environment === ring && call.version === 'v1' && call.digest !== '')
      .map(call => call.digest),
  )
const contents = () => rings.map(ring => bench.machine.serving(ring))
const pointers = () => rings.map(ring => bench.pointer(ring))

beforeAll(async () => {
  bench = await openWorkbench()
})
afterAll(() => bench.close())

it('[M3] [M4] [M13] a push builds once, deploys the first ring and goes on where a ring says `auto`', async () => {
  const build = await bench.push({})
  expect(endOf(build)).toMatchObject({ conclusion: 'success', decision: 'done', reason: 'ok' })
  expect(pointers()).toEqual(['v1', 'v1', undefined])
  expect(contents()).toEqual(['one', 'one', undefined])
  expect(await bench.tags()).toEqual(['ringway/shop/v1'])
})

it('[M1] [M9] [M10] [F14] production takes the same artifact by hand, and nothing is built again', async () => {
  const builds = bench.runs.of(bench.repository).filter(run => run.trigger.event === 'push').length
  const run = await bench.run({ environment: 'production', artifact: 'v1' })
  expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done', reason: 'ok' })
  expect(contents()).toEqual(['one', 'one', 'one'])
  expect(bench.runs.of(bench.repository).filter(one => one.trigger.event === 'push')).toHaveLength(builds)
  const [digest, ...others] = new Set(rings.flatMap(ring => [...digestsOf(ring)]))
  expect(others).toEqual([])
  expect(jobOf(run).summary).toContain(String(digest))
})

it('[M4] a re-run of what is done does nothing twice', async () => {
  const calls = bench.machine.calls.length
  const run = bench.runs.of(bench.repository).find(one => one.displayTitle.startsWith('deploy v1 to staging'))
  if (run === undefined) throw new Error('staging had no run')
  await bench.rerun(run)
  expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'nothing', reason: 'already_done' })
  expect(bench.machine.calls).toHaveLength(calls)
  expect(bench.deployments('staging')).toHaveLength(1)
})

it('[M6] each of them is one GitHub Deployment that went through every state on its way, in words of 140 at most', () => {
  for (const ring of rings) {
    const all = bench.deployments(ring)
    expect(all).toHaveLength(1)
    expect(all[0]).toMatchObject({
      walked: ['queued', 'building', 'deploying', 'validating', 'active'],
      github: 'success',
    })
  }
  expect(bench.deployments('dev')[0]).toMatchObject({
    creator: 'github-actions[bot]',
    payload: { version: 'v1', ring: 'dev' },
  })
  // The one by hand is GitHub's own: nobody had opened one before the run.
  expect(bench.deployments('production')[0]).toMatchObject({ creator: 'bob', payload: {} })
  const descriptions = bench.repository.deployments.flatMap(one => one.statuses.map(status => status.description))
  expect(descriptions.filter(text => text.length > 140)).toEqual([])
})

it('[M11] a newer version supersedes the older one in every ring, production too', async () => {
  await bench.push({ 'shop/app.txt': 'two\n' })
  await bench.run({ environment: 'production' })
  expect(pointers()).toEqual(['v2', 'v2', 'v2'])
  expect(contents()).toEqual(['two', 'two', 'two'])
  for (const ring of rings) {
    expect(bench.deployments(ring).map(one => [one.artifact, one.state, one.github])).toEqual([
      ['v1', 'superseded', 'inactive'],
      ['v2', 'active', 'success'],
    ])
  }
})

it('[M13] a push that changes nothing of the solution deploys nothing and makes no version', async () => {
  const before = bench.repository.deployments.length
  const build = await bench.push({ 'README.md': 'A shop.\n' })
  expect(endOf(build)).toMatchObject({ conclusion: 'success', decision: 'nothing', reason: 'nothing_changed' })
  expect(bench.repository.deployments).toHaveLength(before)
  expect(await bench.tags()).toEqual(['ringway/shop/v1', 'ringway/shop/v2'])
})

it('[M3] a revert deploys the version that had that content, under its old number', async () => {
  await bench.push({ 'shop/app.txt': 'one\n' })
  expect(pointers()).toEqual(['v1', 'v1', 'v2'])
  expect(contents()).toEqual(['one', 'one', 'two'])
  expect(await bench.tags()).toEqual(['ringway/shop/v1', 'ringway/shop/v2'])
})

it('[C13] any version moves forward again without being built', async () => {
  await bench.run({ environment: 'dev', artifact: 'v2' })
  expect(pointers()).toEqual(['v2', 'v2', 'v2'])
})

it('[C17] a version that is there already is placed again when somebody asks for it', async () => {
  const before = bench.machine.calls.length
  const run = await bench.run({ environment: 'production', artifact: 'v2' })
  expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done', reason: 'ok' })
  expect(bench.machine.calls.slice(before).map(call => call.verb)).toEqual(['deploy', 'http', 'check', 'activate'])
  expect(bench.pointer('production')).toBe('v2')
})

it('[M4] a job that an App must let through has the Deployment that GitHub opens for it, and no second one', async () => {
  await guardByApp(bench, ['staging', 'production'])
  await bench.push({ 'shop/app.txt': 'three\n' })
  const run = await bench.run({ environment: 'production' })
  expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done', reason: 'ok' })
  expect(pointers()).toEqual(['v3', 'v3', 'v3'])
  expect(bench.deployments('dev').at(-1)).toMatchObject({ artifact: 'v3', payload: { version: 'v3' } })
  for (const ring of ['staging', 'production']) {
    const third = bench.deployments(ring).filter(one => one.artifact === 'v3' || one.artifact === undefined)
    expect(third).toMatchObject([{ state: 'active', payload: {}, github: 'success' }])
  }
  expect(contents()).toEqual(['three', 'three', 'three'])
})
