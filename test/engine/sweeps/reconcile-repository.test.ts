import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { RingKey } from '../../../src/domain/ring-key.ts'
import { commitSha, epochMs } from '../../../src/domain/units.ts'
import { lookSoon, reconcileRepository } from '../../../src/engine/sweeps/reconcile-repository.ts'
import type { ControlTransaction } from '../../../src/ports/control-store.ts'
import { type AppInProcess, openAppInProcess } from '../../support/app-in-process.ts'
import { artifactOf, deploymentOf } from '../../support/control-records.ts'
import type { Api } from '../../support/rehearsed-github.ts'
import { digestOf } from '../../support/ring-records.ts'
import { tinyRingFile } from '../../support/tiny-solution.ts'

/** The artifact that the example layout holds. */
const kept = {
  digest: 'sha256:3af16f614d656a0a8669bbe11f035800153ae18e90d2b2a2d8874f5b24597417',
  content: 'sha256:77113c2e40c0c05c07d99d82ebaaa494204dfe440e8f8da3ddd6f537bebf7e50',
}

async function openWithRings(store?: string): Promise<AppInProcess> {
  const app = await openAppInProcess({ events: ['issue_comment'], ...(store === undefined ? {} : { store }) })
  const { rehearsed } = app
  await mkdir(join(rehearsed.clone, '.github'))
  await writeFile(
    join(rehearsed.clone, '.github/rings.yml'),
    tinyRingFile({ shop: [{ name: 'dev', lines: ['deploy-on: push'] }] }),
  )
  await rehearsed.git('add', '--all')
  await rehearsed.git('commit', '--quiet', '-m', 'rings')
  await rehearsed.git('push', '--quiet', 'origin', 'main')
  return app
}

const inDev = ({ key }: AppInProcess): RingKey => ({ ...key, solution: 'shop', ring: 'dev' })

/** What is decided, read in one transaction. */
function look<T>(app: AppInProcess, read: (tx: ControlTransaction) => Promise<T>): Promise<T> {
  return app.control.store.transaction(app.key, read)
}

const changesOf = (app: AppInProcess): Promise<readonly (readonly [string, unknown])[]> =>
  look(app, async tx => (await tx.events.list({ limit: 100 })).map(({ type, data }) => [type, data['words']] as const))

/** The number, or the id, that GitHub answers. */
function field(answer: Awaited<ReturnType<Api>>, name: string): number {
  return Number(Reflect.get(Object(answer.body), name))
}

it('commands of which no delivery told are heard once; what is no command costs nothing', async () => {
  const app = await openWithRings()
  const { rehearsed, sweep, key } = app
  const asAlice = rehearsed.as(rehearsed.alice)
  await reconcileRepository(sweep, key)
  const issue = field(await asAlice('POST /repos/acme/shop/issues', { title: 'release' }), 'number')
  const say = async (body: string): Promise<number> =>
    field(await asAlice(`POST /repos/acme/shop/issues/${issue}/comments`, { body }), 'id')
  const ordinary = await say('what a day')
  const command = await say('/status')
  await lookSoon(sweep.agenda, key)
  await reconcileRepository(sweep, key)
  const answer = await look(app, tx => tx.conversations.read(key.repository, issue))
  expect(answer?.answer).toContain('This is how it stands')
  expect(await look(app, tx => tx.commands.isTaken(`comment ${command}`))).toBe(true)
  expect(await look(app, tx => tx.commands.isTaken(`comment ${ordinary}`))).toBe(false)
  await look(app, async tx => {
    const record = await tx.conversations.lock(key.repository, issue)
    await tx.conversations.save({ ...record, answer: 'as it was' })
  })
  await lookSoon(sweep.agenda, key)
  await reconcileRepository(sweep, key)
  expect((await look(app, tx => tx.conversations.read(key.repository, issue)))?.answer).toBe('as it was')
})

it('a repository that is quiet is not asked about again before its time', async () => {
  const app = await openWithRings()
  await reconcileRepository(app.sweep, app.key)
  const before = app.app.budget.taken.length
  await reconcileRepository(app.sweep, app.key)
  expect(app.app.budget.taken.length).toBe(before)
})

it('a version whose build was not heard is told about at the second look, with what to do', async () => {
  const app = await openWithRings()
  const { rehearsed, sweep, key } = app
  const message = `artifact ${digestOf(7)}\ncontent ${digestOf(8)}\n`
  await rehearsed.git('tag', '--annotate', 'ringway/shop/v1', '--message', message)
  await rehearsed.git('push', '--quiet', 'origin', 'ringway/shop/v1')
  for (const expected of [[], ['alert.unknown_version'], ['alert.unknown_version']]) {
    await lookSoon(sweep.agenda, key)
    await reconcileRepository(sweep, key)
    expect((await changesOf(app)).map(([type]) => type)).toEqual(expected)
  }
  expect(app.told.join()).toContain("Run its build's job again")
})

it('a version whose build was not heard goes where its build would have had it go, once', async () => {
  const app = await openWithRings(`oci-layout:${join(import.meta.dirname, '../../fixtures/example-artifact/layout')}`)
  const { rehearsed, sweep, key } = app
  const message = `artifact ${kept.digest}\ncontent ${kept.content}\n`
  await rehearsed.git('tag', '--annotate', 'ringway/shop/v1', '--message', message)
  await rehearsed.git('push', '--quiet', 'origin', 'ringway/shop/v1')
  for (const _ of [1, 2]) {
    await lookSoon(sweep.agenda, key)
    await reconcileRepository(sweep, key)
    const open = await look(app, tx => tx.promotions.open(inDev(app)))
    expect(open).toMatchObject([
      { candidate: { version: 1, digest: kept.digest, commit: await rehearsed.git('rev-parse', 'HEAD') } },
    ])
  }
  expect(app.told).toEqual(['shop v1 was built while the App was away; it is known now'])
})

it('what others do to a ring on GitHub is told once, and what they wrote over is said again', async () => {
  const app = await openWithRings()
  const { rehearsed, sweep, key } = app
  const ring = inDev(app)
  const asAlice = rehearsed.as(rehearsed.alice)
  const github = await app.control.github(key)
  const opened = await github.deployments.open({
    environment: 'dev',
    commit: commitSha(rehearsed.head),
    task: 'deploy',
    description: 'v1 of shop',
    payload: { promotion: 'p-1' },
    production: false,
  })
  await github.deployments.report(opened.id, { state: 'success', description: 'active: v1 · the first here' })
  const deployment = await look(app, async tx => {
    await tx.artifacts.put(artifactOf(ring, { version: 1 }))
    await tx.rings.lock(ring, 'dev')
    const draft = deploymentOf(ring, { githubId: opened.id, version: 1, state: 'active', activatedAt: epochMs(1) })
    const id = await tx.deployments.add(draft)
    await tx.rings.point(ring, { name: 'dev', deployment: id, revision: 1 })
    return id
  })
  const again = async (): Promise<readonly (readonly [string, unknown])[]> => {
    await lookSoon(sweep.agenda, key)
    await reconcileRepository(sweep, key)
    return await changesOf(app)
  }
  expect(await again()).toEqual([])

  const foreign = { ref: 'main', environment: 'dev', required_contexts: [], auto_merge: false }
  const other = field(await asAlice('POST /repos/acme/shop/deployments', foreign), 'id')
  expect(await again()).toEqual([])
  const statuses = (id: number): string => `POST /repos/acme/shop/deployments/${id}/statuses`
  await asAlice(statuses(other), { state: 'success', auto_inactive: false })
  const told = ['ring.changed_outside', 'a Deployment that Ringway did not make went live here, by alice'] as const
  expect(await again()).toEqual([told])
  await asAlice(statuses(opened.id), { state: 'inactive' })
  const shown = ['ring.changed_outside', 'GitHub shows v1 as inactive, by alice; the ring points to it'] as const
  expect(await again()).toEqual([told, shown])
  expect(await again()).toEqual([told, shown])
  const lane = `ring ${key.tenant}/${key.repository}/shop/dev`
  expect(await look(app, tx => tx.effects.next(lane))).toMatchObject({
    effect: { deed: { kind: 'deployment_status', deployment, state: 'active' } },
  })
  expect(await look(app, tx => tx.audit.list(key.repository, { limit: 5 }))).toMatchObject([
    { actor: { login: 'alice' }, action: 'ring.changed_outside' },
    { actor: { login: 'alice' }, action: 'ring.changed_outside' },
  ])
  expect((await look(app, tx => tx.rings.read(ring)))?.pointer.deployment).toBe(deployment)
})

it('what somebody says in our words moves nothing: only runs of the declared workflow are believed', async () => {
  const app = await openWithRings()
  const { rehearsed, sweep, key } = app
  const asAlice = rehearsed.as(rehearsed.alice)
  const foreign = { ref: 'main', environment: 'dev', required_contexts: [], auto_merge: false }
  const id = field(await asAlice('POST /repos/acme/shop/deployments', foreign), 'id')
  const status = { state: 'success', description: 'active: v9 · trust me' }
  await asAlice(`POST /repos/acme/shop/deployments/${id}/statuses`, status)
  await reconcileRepository(sweep, key)
  expect(await look(app, tx => tx.deployments.history(inDev(app)))).toEqual([])
})
