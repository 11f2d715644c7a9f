import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startRegistry } from '../support/registry.ts'
import { endOf, openWorkbench, type Workbench } from '../support/workbench.ts'

const solutions = { shop: [{ name: 'dev', lines: ['deploy-on: push'] }] }

/** Two versions, the second active; then something happens to the store, and the first one is asked for. */
async function askAfter(bench: Workbench, damage: () => Promise<void>): Promise<ReturnType<typeof endOf>> {
  await bench.push({})
  await bench.push({ 'shop/app.txt': 'two\n' })
  await damage()
  const calls = bench.machine.calls.length
  const run = await bench.run({ environment: 'dev', artifact: 'v1' })
  expect(bench.machine.calls).toHaveLength(calls)
  expect(bench.deployments('dev').at(-1)).toMatchObject({ artifact: 'v1', walked: ['queued', 'building', 'failed'] })
  expect([bench.pointer('dev'), bench.machine.serving('dev')]).toEqual(['v2', 'two'])
  return endOf(run)
}

describe.concurrent('[M9] a store', () => {
  it('that does not answer: nobody could be asked, and nothing moves', async () => {
    const registry = await startRegistry()
    const bench = await openWorkbench({
      solutions,
      machineVariables: { RINGWAY_STORE: `oci://${registry.host}/acme/shop` },
    })
    try {
      const end = await askAfter(bench, async () => await registry[Symbol.asyncDispose]())
      expect(end).toMatchObject({ conclusion: 'failure', decision: 'errored', reason: 'store_unreachable' })
      const said = bench.repository.deployments.at(-1)?.statuses.map(status => status.state)
      expect(said).toContain('error')
    } finally {
      await bench.close()
    }
  }, 90_000)

  it('that has lost the artifact', async () => {
    const bench = await openWorkbench({ solutions })
    try {
      const end = await askAfter(bench, async () => await rename(bench.store, `${bench.store}-elsewhere`))
      expect(end).toMatchObject({ conclusion: 'failure', reason: 'artifact_not_found' })
    } finally {
      await bench.close()
    }
  })

  it('that gives other bytes than the digest names', async () => {
    const bench = await openWorkbench({ solutions })
    try {
      const end = await askAfter(bench, () => spoilLayers(bench.store))
      expect(end).toMatchObject({ conclusion: 'failure', reason: 'digest_mismatch' })
    } finally {
      await spoilLayers(bench.store)
      await bench.close()
    }
  })
})

/** Changes one bit of every layer, or changes it back. */
async function spoilLayers(store: string): Promise<void> {
  const blobs = join(store, 'blobs', 'sha256')
  for (const name of await readdir(blobs)) {
    const bytes = await readFile(join(blobs, name))
    // Documents begin with a brace; layers are compressed.
    if (bytes[0] === 0x7b) continue
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
    await writeFile(join(blobs, name), bytes)
  }
}
