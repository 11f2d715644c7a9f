import { spawnSync } from 'node:child_process'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { startRegistry } from '../test/support/registry.ts'
import { type BuildOnce, type BuildRun, bundleBuilder } from './artifact/build-once.ts'
import { startCountingProxy } from './artifact/counting-proxy.ts'
import { besideTools, tarAndSkopeo } from './artifact/tar-and-skopeo.ts'
import { smallFile, writeTree } from './artifact/write-tree.ts'
import { type Bench, type Measurement, median } from './measurement.ts'

const components = 10
/** 200 MB in 5,000 files. */
const usualTree = { components, files: 500, fileSize: 40_000 } as const
/** 2 GB in about as many files: half of it in small ones, half of it in four large ones. */
const largeTree = { components, files: 500, fileSize: 200_000, largeFiles: 4, largeSize: 250_000_000 } as const
const repetitions = 5
/** What a push may send besides the layer that changed: the manifests, and HTTP around them. */
const allowance = 16 * 1024

interface Work {
  /** A directory that is taken away at the end. */
  readonly home: string
  readonly buildOnce: BuildOnce
  readonly say: (words: string) => void
}

/** Rows 1 to 3 of the design's table: build and push to a real registry, the same after a small change, and the memory of a large tree. */
export const artifact: Bench = async say => {
  requireTools()
  const home = await mkdtemp(join(tmpdir(), 'ringway-bench-artifact-'))
  try {
    const buildOnce = await bundleBuilder(home)
    const pushes = await measurePushes({ home, buildOnce, say })
    const changedBytes = await measureChangedBytes({ home, buildOnce })
    const memory = await measureMemory({ home, buildOnce, say })
    return {
      measurements: [...rowsOfPushes(pushes), rowOfBytes(changedBytes), rowOfMemory(memory)],
      samples: { pushes, changedBytes, memory },
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

interface Pushes {
  readonly full: readonly BuildRun[]
  readonly changed: readonly BuildRun[]
  readonly besideMs: readonly number[]
}

async function measurePushes({ home, buildOnce, say }: Work): Promise<Pushes> {
  const root = join(home, 'tree')
  say('writing a tree of 200 MB in 5,000 files')
  await writeTree(root, usualTree)
  const full: BuildRun[] = []
  const changed: BuildRun[] = []
  const besideMs: number[] = []
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    const beside = await pushBeside(root, join(home, 'layout'))
    const ours = await pushTwice(root, buildOnce)
    besideMs.push(beside)
    full.push(ours.full)
    changed.push(ours.changed)
    say(`${repetition}: ${describe(ours.full)}; changed ${describe(ours.changed)}; beside ${Math.round(beside)} ms`)
  }
  return { full, changed, besideMs }
}

// Each push goes into a registry of its own: one that knows a blob does not take it again.
async function pushBeside(tree: string, layout: string): Promise<number> {
  await using registry = await startRegistry()
  return await tarAndSkopeo({ tree, layout, registry: registry.host })
}

async function pushTwice(
  root: string,
  buildOnce: BuildOnce,
): Promise<{ readonly full: BuildRun; readonly changed: BuildRun }> {
  await using registry = await startRegistry()
  const store = `oci://${registry.host}/bench/ours`
  const full = await buildOnce({ root, components, store })
  await changeOneFile(root)
  const changed = await buildOnce({ root, components, store, baseline: full.digest })
  return { full, changed }
}

async function changeOneFile(root: string): Promise<void> {
  await appendFile(join(root, smallFile(3, 7)), '// one line more\n')
}

interface ChangedBytes {
  /** Everything that went to the registry, with what HTTP adds. */
  readonly sent: number
  /** The list of all files with their digests, which is in every artifact. */
  readonly list: number
  /** The changed component's layer in the registry. */
  readonly layer: number
}

/** Counted on the wire, apart from the timed pushes: the proxy would be part of their time. */
async function measureChangedBytes({ home, buildOnce }: Omit<Work, 'say'>): Promise<ChangedBytes> {
  await using registry = await startRegistry()
  await using proxy = await startCountingProxy(registry.port)
  const store = `oci://${proxy.host}/bench/ours`
  const root = join(home, 'tree')
  const full = await buildOnce({ root, components, store })
  await changeOneFile(root)
  proxy.takeCount()
  const changed = await buildOnce({ root, components, store, baseline: full.digest })
  const sent = proxy.takeCount()
  const before = await readManifest(registry.host, full.digest)
  const after = await readManifest(registry.host, changed.digest)
  const known = new Set(before.layers.map(layer => layer.digest))
  const layer = after.layers.filter(one => !known.has(one.digest)).reduce((sum, one) => sum + one.size, 0)
  return { sent, layer, list: after.config.size }
}

const descriptor = z.object({ digest: z.string(), size: z.number() })
const manifest = z.object({ config: descriptor, layers: z.array(descriptor) })

async function readManifest(registry: string, digest: string): Promise<z.infer<typeof manifest>> {
  const accept = 'application/vnd.oci.image.manifest.v1+json'
  const answer = await fetch(`http://${registry}/v2/bench/ours/manifests/${digest}`, { headers: { accept } })
  return manifest.parse(await answer.json())
}

async function measureMemory({ home, buildOnce, say }: Work): Promise<BuildRun> {
  const root = join(home, 'large')
  say('writing a tree of 2 GB in 5,004 files')
  await writeTree(root, largeTree)
  await using registry = await startRegistry()
  const run = await buildOnce({ root, components, store: `oci://${registry.host}/bench/large` })
  say(describe(run))
  return run
}

function rowsOfPushes({ full, changed, besideMs }: Pushes): readonly Measurement[] {
  const [ours, after, beside] = [median(full.map(took)), median(changed.map(took)), median(besideMs)]
  return [
    {
      measured: 'build and push 200 MB, 5,000 files, ten components',
      value: milliseconds(ours),
      beside: `tar + zstd -3 + sha256sum + skopeo copy: ${milliseconds(beside)}`,
      ratio: ours / beside,
      aim: '<= 1.00 x',
      isMet: ours <= beside,
    },
    {
      measured: 'the same after one file changed',
      value: milliseconds(after),
      beside: `the full push: ${milliseconds(ours)}`,
      ratio: after / ours,
      aim: '<= 0.30 x',
      isMet: after <= 0.3 * ours,
    },
  ]
}

function rowOfBytes({ sent, layer, list }: ChangedBytes): Measurement {
  return {
    measured: 'bytes sent after one file changed',
    value: `${sent} B`,
    beside: `the layer of its component: ${layer} B; the list of all files: ${list} B`,
    ratio: sent / layer,
    aim: '<= layer + 16 kB',
    isMet: sent <= layer + allowance,
  }
}

function rowOfMemory(run: BuildRun): Measurement {
  return {
    measured: 'memory while packing and pushing 2 GB',
    value: megabytes(run.peakBytes),
    aim: '<= 200 MB',
    isMet: run.peakBytes <= 200e6,
  }
}

/** From the first look at the tree to the artifact in the registry; how fast the Action itself starts is another row. */
function took(run: BuildRun): number {
  return run.listMs + run.publishMs
}

function describe(run: BuildRun): string {
  const { listMs, publishMs, peakBytes } = run
  return `${milliseconds(listMs)} listing + ${milliseconds(publishMs)} publishing, ${megabytes(peakBytes)}`
}

function milliseconds(value: number): string {
  return `${Math.round(value)} ms`
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

function requireTools(): void {
  const missing = besideTools.filter(({ program }) => spawnSync(program, ['--version']).error !== undefined)
  if (missing.length === 0) return
  const packages = [...new Set(missing.map(one => one.debian))].join(' ')
  throw new Error(
    `This benchmark needs ${missing.map(one => one.program).join(', ')}. On Debian or Ubuntu: sudo apt-get install ${packages}`,
  )
}
