import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { RingKey } from '../../../src/domain/ring-key.ts'
import { epochMs, sha256Digest } from '../../../src/domain/units.ts'
import { proveReadiness } from '../../../src/engine/sweeps/prove-readiness.ts'
import type { RingReadiness } from '../../../src/ports/control-store.ts'
import { type AppInProcess, openAppInProcess } from '../../support/app-in-process.ts'
import { artifactOf, deploymentOf } from '../../support/control-records.ts'
import { componentOf, manifestOf } from '../../support/manifests.ts'
import { digestOf } from '../../support/ring-records.ts'
import { tinyRingFile } from '../../support/tiny-solution.ts'

const layout = join(import.meta.dirname, '../../fixtures/example-artifact/layout')
/** The artifact in it. */
const kept = 'sha256:3af16f614d656a0a8669bbe11f035800153ae18e90d2b2a2d8874f5b24597417'
/** A workflow whose run verifies as it is told, by a file beside it. */
const verifying = `
name: ringway
run-name: \${{ format('{0} {1} to {2} {3}', inputs.command, inputs.artifact, inputs.environment, inputs.promotion) }}
on:
  workflow_dispatch:
    inputs:
      command: { type: string }
      environment: { type: string }
      artifact: { type: string }
      deployment: { type: string }
      promotion: { type: string }
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: { name: "\${{ inputs.environment }}" }
    steps:
      - run: exit 1
`

const inDev = ({ key }: AppInProcess): RingKey => ({ ...key, solution: 'shop', ring: 'dev' })

/** A ring that went from version 1 to version 2. `workflow`: what its runs do. */
async function openRing(options: {
  store?: string
  digest: string
  secrets?: string[]
  workflow?: string
}): Promise<AppInProcess> {
  const { store, digest, secrets = [], workflow } = options
  const app = await openAppInProcess({ events: [], ...(store === undefined ? {} : { store }) })
  const { rehearsed } = app
  const files = {
    '.github/rings.yml': tinyRingFile({ shop: [{ name: 'dev', lines: [] }] }),
    ...(workflow === undefined ? {} : { '.github/workflows/ringway.yml': workflow }),
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(rehearsed.clone, path)), { recursive: true })
    await writeFile(join(rehearsed.clone, path), text)
  }
  await rehearsed.git('add', '--all')
  await rehearsed.git('commit', '--quiet', '-m', 'rings')
  await rehearsed.git('push', '--quiet', 'origin', 'main')
  await rehearsed.as(rehearsed.alice)('PUT /repos/acme/shop/environments/dev', {})
  const key = inDev(app)
  const { files: _, ...manifest } = manifestOf({ components: [componentOf('app', { secrets })] })
  await app.control.store.transaction(key, async tx => {
    const old = sha256Digest(digest)
    await tx.artifacts.put(artifactOf(key, { version: 1, digest: old, manifest }))
    await tx.rings.lock(key, 'dev')
    const was = { version: 1, digest: old, activatedAt: epochMs(1), state: 'superseded' } as const
    await tx.deployments.add(deploymentOf(key, was))
    const is = { version: 2, digest: digestOf(2), activatedAt: epochMs(2), state: 'active' } as const
    const deployment = await tx.deployments.add(deploymentOf(key, is))
    await tx.rings.point(key, { name: 'dev', deployment, revision: 1 })
  })
  return app
}

const known = (app: AppInProcess): Promise<RingReadiness | undefined> =>
  app.control.store.transaction(app.key, tx => tx.readiness.read(inDev(app)))

const alerts = (app: AppInProcess): Promise<readonly unknown[]> =>
  app.control.store.transaction(app.key, async tx =>
    (await tx.events.list({ type: 'alert.rollback_not_ready', limit: 10 })).map(({ data }) => data['words']),
  )

it('what the store no longer holds, and secrets that are gone, are told once', async () => {
  const app = await openRing({ store: `oci-layout:${layout}`, digest: digestOf(1), secrets: ['TOKEN'] })
  await proveReadiness(app.control, app.key)
  expect((await known(app))?.readiness).toEqual({
    kind: 'known',
    target: 'v1',
    artifact: 'missing',
    configuration: true,
    missingSecrets: ['TOKEN'],
  })
  await proveReadiness(app.control, app.key)
  expect(await alerts(app)).toEqual([
    'v1 could not be restored: the store no longer holds its artifact; its secret TOKEN is gone',
  ])
})

it('what is all there is ready, and so said', async () => {
  const app = await openRing({ store: `oci-layout:${layout}`, digest: kept })
  await proveReadiness(app.control, app.key)
  expect((await known(app))?.readiness).toMatchObject({ kind: 'known', artifact: 'equal', missingSecrets: [] })
  expect(await alerts(app)).toEqual([])
})

it('where the App cannot read the store, a run verifies, once a day', async () => {
  const app = await openRing({ digest: kept, workflow: verifying })
  const { runs } = app.rehearsed.sandbox.actions
  const started = (): number => runs.of(app.rehearsed.repository).length
  await proveReadiness(app.control, app.key)
  expect((await known(app))?.readiness).toMatchObject({ kind: 'unknown', words: 'a run is verifying it' })
  const [run] = runs.of(app.rehearsed.repository)
  if (run === undefined) throw new Error('no run was started')
  expect(run.displayTitle).toMatch(/^verify v1 to dev verify-/)
  await runs.completed(run, AbortSignal.timeout(20_000))
  await proveReadiness(app.control, app.key)
  expect((await known(app))?.readiness).toMatchObject({ kind: 'known', artifact: 'unproven' })
  expect(await alerts(app)).toEqual(['v1 could not be restored: the run that verifies its artifact failed'])
  expect(started()).toBe(1)
  await app.control.store.transaction(app.key, async tx => {
    const before = await tx.readiness.read(inDev(app))
    if (before?.proof === undefined) throw new Error('no proof is known')
    const proof = { ...before.proof, startedAt: epochMs(before.proof.startedAt - 25 * 3_600_000) }
    await tx.readiness.save({ ...before, proof })
  })
  await proveReadiness(app.control, app.key)
  expect(started()).toBe(2)
  expect((await known(app))?.readiness).toMatchObject({ kind: 'known', artifact: 'unproven' })
})
