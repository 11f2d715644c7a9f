import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workflowText } from '../../src/cli/init.ts'
import type { WorkflowRun } from '../../src/sandbox/actions/runs/workflow-run.ts'
import { versionTag } from '../support/open-as-job.ts'
import { tinyRingFile } from '../support/tiny-solution.ts'
import { endOf, jobOf, openWorkbench, type Workbench } from '../support/workbench.ts'

let bench: Workbench
const annotations = (run: WorkflowRun) =>
  jobOf(run)
    .annotations.filter(one => one.level === 'failure' && one.title === 'Ringway')
    .map(one => `${one.path}:${one.startLine}`)
const shopTags = async () => (await bench.tags()).filter(tag => tag.startsWith('ringway/shop/'))
const buildOf = (commit: string): WorkflowRun => {
  const run = bench.runs.of(bench.repository).find(one => one.trigger.event === 'push' && one.trigger.sha === commit)
  if (run === undefined) throw new Error(`the push of ${commit} started no run`)
  return run
}
/** What a build asks when it is about to publish. */
const lookup = 'GET /repos/{owner}/{repo}/git/matching-refs/{ref}'
const versions = (count: number) => Array.from({ length: count }, (_, index) => `ringway/shop/v${index + 1}`)

beforeAll(async () => {
  bench = await openWorkbench({
    solutions: {
      shop: [
        { name: 'dev', lines: ['deploy-on: push'] },
        { name: 'preview', lines: ['accepts: drafts'] },
      ],
      quiet: [{ name: 'dev' }],
    },
  })
  await bench.push({})
})
afterAll(() => bench.close())

describe('two solutions in one repository', () => {
  it('[M2] [C23] have versions and environments of their own', async () => {
    expect(await bench.tags()).toEqual(['ringway/quiet/v1', 'ringway/shop/v1'])
    expect(bench.pointer('shop-dev')).toBe('v1')
  })

  it('[A9] [M13] one that deploys nothing on push is published and waits until somebody says so', async () => {
    expect(bench.deployments('quiet-dev')).toEqual([])
    expect(endOf(await bench.run({ environment: 'quiet-dev' }))).toMatchObject({ decision: 'done' })
    expect(bench.pointer('quiet-dev')).toBe('v1')
  })

  it('[M13] a push that changes one of them deploys that one', async () => {
    const before = bench.deployments('quiet-dev').length
    await bench.push({ 'shop/app.txt': 'two\n' })
    expect(bench.pointer('shop-dev')).toBe('v2')
    expect(bench.deployments('quiet-dev')).toHaveLength(before)
    expect(await bench.tags()).toEqual(['ringway/quiet/v1', 'ringway/shop/v1', 'ringway/shop/v2'])
  })
})

describe('a commit with mistakes', () => {
  const ringFile = '.github/rings.yml'
  const good = () =>
    tinyRingFile({
      shop: [
        { name: 'dev', lines: ['deploy-on: push'] },
        { name: 'preview', lines: ['accepts: drafts'] },
      ],
      quiet: [{ name: 'dev' }],
    })

  it('[D2] [C24] that does not compile: every error stands at its line, no version is used up, nothing moves', async () => {
    const text = good().replace('exec: ./order.sh', 'exec: ./missing.sh, input: missing.json')
    const run = await bench.push({ [ringFile]: text, 'shop/app.txt': 'three\n' })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', decision: 'failed', reason: 'compile_failed' })
    expect(annotations(run).filter(place => place === `${ringFile}:5`)).toHaveLength(2)
    expect(await shopTags()).toEqual(versions(2))
    expect(bench.pointer('shop-dev')).toBe('v2')
  })

  it('[C24] whose ring file has problems: all of them are told at once', async () => {
    const text = good().replace('deploy-on: push', 'deploy-onn: push').replace('accepts: drafts', 'accepts: everything')
    const run = await bench.push({ [ringFile]: text })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', reason: 'ring_file_invalid' })
    expect(annotations(run)).toHaveLength(2)
    expect(
      jobOf(run)
        .annotations.map(one => one.message)
        .join('\n'),
    ).toContain('deploy-on')
    expect(await shopTags()).toEqual(versions(2))
  })

  it('that has no ring file', async () => {
    const run = await bench.push({ [ringFile]: undefined })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', reason: 'ring_file_missing' })
    expect(endOf(run).log).toContain('ringway init')
  })

  it('[M8] that holds secrets: told by path and line, and never shown', async () => {
    const secret = `ghp_${'a1B2c3D4e5'.repeat(3)}a1B2c3`
    const run = await bench.push({
      [ringFile]: good(),
      'shop/settings.txt': `first\nkey ${secret}\n`,
      'shop/.env': 'A=1\n',
    })
    expect(endOf(run)).toMatchObject({ conclusion: 'failure', reason: 'secret_found' })
    expect(annotations(run).toSorted()).toEqual(['shop/.env:1', 'shop/settings.txt:2'])
    for (const shown of [endOf(run).log, jobOf(run).summary, JSON.stringify(jobOf(run).annotations)]) {
      expect(shown).not.toContain(secret)
    }
    expect(await shopTags()).toEqual(versions(2))
    // The mistake is mended, and the next version has the next number.
    await bench.push({ 'shop/settings.txt': undefined, 'shop/.env': undefined })
    expect(await shopTags()).toEqual(versions(3))
    expect(bench.pointer('shop-dev')).toBe('v3')
  })
})

describe('[D3] pushes at the same time', () => {
  it('get distinct versions without gaps, and the ring ends at the newest push', async () => {
    // Every first answer about a new tag comes late: the builds look before any of them has taken the next number.
    bench.sandbox.faults.api.add({ on: 'POST /repos/{owner}/{repo}/git/refs', kind: 'slow', delayMs: 1_000, times: 2 })
    for (const content of ['a', 'b', 'c']) {
      await bench.commit({ 'shop/app.txt': `${content}\n` })
      await bench.git('push', '--quiet', 'origin', 'HEAD:main')
    }
    await bench.quiet()
    bench.sandbox.faults.api.clear()
    expect((await shopTags()).toSorted()).toEqual(versions(6).toSorted())
    const digests = await Promise.all(['v4', 'v5', 'v6'].map(version => versionTag(bench, version)))
    expect(new Set(digests.map(one => one.digest)).size).toBe(3)
    expect(bench.deployments('shop-dev').filter(one => one.state === 'active')).toHaveLength(1)
    expect(bench.deployments('shop-dev').filter(one => ['queued', 'building'].includes(one.state ?? ''))).toEqual([])
  })

  it('of the same content get one version', async () => {
    await bench.commit({ 'shop/app.txt': 'same\n' })
    await bench.git('push', '--quiet', 'origin', 'HEAD:main')
    await bench.push({ 'README.md': 'Twice the same.\n' })
    expect((await shopTags()).toSorted()).toEqual(versions(7).toSorted())
    expect([bench.pointer('shop-dev'), bench.machine.serving('shop-dev')]).toEqual(['v7', 'same'])
  })

  it('that are built in another order leave the ring at the newest push', async () => {
    const heard = Promise.withResolvers<void>()
    bench.sandbox.faults.api.add({ on: lookup, kind: 'slow', delayMs: 3_000, times: 1, meanwhile: heard.resolve })
    await bench.commit({ 'shop/app.txt': 'overtaken\n' })
    await bench.git('push', '--quiet', 'origin', 'HEAD:main')
    await heard.promise
    await bench.push({ 'shop/app.txt': 'newest\n' })
    expect((await shopTags()).toSorted()).toEqual(versions(9).toSorted())
    expect(bench.machine.serving('shop-dev')).toBe('newest')
    const told = bench.deployments('shop-dev').slice(-2)
    expect(told.map(one => [one.state, one.reason])).toEqual([
      ['active', undefined],
      ['failed', 'superseded_by_newer'],
    ])
    expect(bench.machine.calls.some(call => call.environment === 'shop-dev' && call.content === 'overtaken')).toBe(
      false,
    )
  })

  it('whose commit may no longer be tagged, because the branch has moved on, leave publishing to its head', async () => {
    const heard = Promise.withResolvers<void>()
    bench.sandbox.faults.api.add({ on: lookup, kind: 'slow', delayMs: 2_000, times: 1, meanwhile: heard.resolve })
    const overtaken = await bench.commit({ 'shop/app.txt': 'before\n' })
    await bench.git('push', '--quiet', 'origin', 'HEAD:main')
    await heard.promise
    // GitHub lets no job tag a commit whose workflow files are not those of the branch's head.
    const changed = `${workflowText('main')}# changed\n`
    await bench.push({ '.github/workflows/ringway.yml': changed, 'shop/app.txt': 'head\n' })
    expect(endOf(buildOf(overtaken))).toMatchObject({
      conclusion: 'success',
      decision: 'nothing',
      reason: 'superseded_by_head',
    })
    expect((await shopTags()).toSorted()).toEqual(versions(10).toSorted())
    expect(bench.machine.serving('shop-dev')).toBe('head')
  })
})

describe('a pull request', () => {
  const open = async (head: string, title: string, from = bench.bob): Promise<WorkflowRun> => {
    const { status } = await bench.api(from, 'POST /pulls', { title, head, base: 'main' })
    expect(status).toBe(201)
    await bench.quiet()
    const run = bench.runs.of(bench.repository).find(one => one.trigger.event === 'pull_request')
    if (run === undefined) throw new Error('the pull request started no run')
    return run
  }

  it('[D6] [A20] is built as a draft: an artifact without a number, which deploys nothing', async () => {
    const before = bench.repository.deployments.length
    await bench.git('checkout', '--quiet', '-b', 'topic')
    await bench.commit({ 'shop/app.txt': 'draft\n' })
    await bench.git('push', '--quiet', 'origin', 'topic')
    const run = await open('topic', 'A draft')
    expect(endOf(run)).toMatchObject({ conclusion: 'success', decision: 'done', reason: 'ok' })
    expect(jobOf(run).summary).toContain('| shop | draft |')
    expect((await shopTags()).toSorted()).toEqual(versions(10).toSorted())
    expect(bench.repository.deployments).toHaveLength(before)
  })

  it('[A20] enters only a ring that accepts drafts', async () => {
    const draft = bench.runs.of(bench.repository).find(one => one.trigger.event === 'pull_request')
    const digest = draft && /shop draft (sha256:[0-9a-f]{64})/.exec(endOf(draft).log)?.[1]
    if (digest === undefined) throw new Error('the draft told no digest')
    const no = await bench.run({ environment: 'shop-dev', artifact: digest })
    expect(endOf(no)).toMatchObject({ conclusion: 'failure', decision: 'refused', reason: 'drafts_not_accepted' })
    const yes = await bench.run({ environment: 'shop-preview', artifact: digest })
    expect(endOf(yes)).toMatchObject({ conclusion: 'success', decision: 'done' })
    expect([bench.machine.serving('shop-dev'), bench.machine.serving('shop-preview')]).toEqual(['head', 'draft'])
  })

  it('from a fork is not built and not published', async () => {
    const fork = await bench.sandbox.createRepository({ owner: bench.bob, name: 'shop', forkOf: bench.repository })
    const url = bench.sandbox.cloneUrl(fork, bench.sandbox.tokenOf(bench.bob))
    await bench.git('checkout', '--quiet', '-b', 'gift', 'main')
    await bench.commit({ 'shop/app.txt': 'gift\n' })
    await bench.git('push', '--quiet', url, 'gift')
    const deployments = bench.repository.deployments.length
    const run = await open('bob:gift', 'A gift')
    expect(run.attempts[0].jobs.map(job => job.conclusion)).toEqual(['skipped', 'skipped', 'skipped'])
    expect(bench.repository.deployments).toHaveLength(deployments)
  })
})
