import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type BuildOnce, type BuildRun, bundleBuilder } from '../../../bench/artifact/build-once.ts'
import { noise } from '../../support/artifacts.ts'

let root = ''
let buildOnce: BuildOnce
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringway-memory-'))
  buildOnce = await bundleBuilder(root)
})
afterEach(() => rm(root, { recursive: true }))

const megabyte = 1024 * 1024
const components = 4

/** Builds, in a process of its own, one file in each of four components; nothing of them can be compressed. */
async function buildTree(name: string, megabytesEach: number): Promise<BuildRun> {
  const tree = join(root, name)
  for (let component = 0; component < components; component += 1) {
    const directory = join(tree, `component-${component}`)
    await mkdir(directory, { recursive: true })
    // Repeated farther apart than a compressor looks back.
    const block = noise(8 * megabyte, directory)
    const file = await open(join(directory, 'model.bin'), 'w')
    for (let left = megabytesEach; left > 0; left -= 8) await file.write(block)
    await file.close()
  }
  return await buildOnce({ root: tree, components, store: `oci-layout:${join(root, `${name}-store`)}` })
}

it('a build of ten times as much takes as much memory', async () => {
  const small = await buildTree('small', 8)
  const large = await buildTree('large', 80)
  expect(large.uploadedBytes).toBeGreaterThan(4 * 79 * megabyte)
  expect(large.peakBytes - small.peakBytes).toBeLessThan(64 * megabyte)
})
