// One build in a process of its own, from the listing of the tree to the artifact in the store:
// node bench/artifact/publish-once.ts '{"root":…,"components":…,"store":…,"baseline":…}'
import { readFileSync } from 'node:fs'
import { argv, exit, resourceUsage, stdout } from 'node:process'
import { z } from 'zod'
import { createSourceTree } from '../../src/adapters/fs/source-tree.ts'
import { createArtifacts } from '../../src/adapters/oci/artifacts.ts'
import { openBlobStore } from '../../src/adapters/oci/reference.ts'
import type { Component, Solution } from '../../src/domain/solution.ts'
import { isSha256Digest } from '../../src/domain/units.ts'

const request = z
  .object({
    root: z.string(),
    components: z.int(),
    store: z.string(),
    baseline: z.string().refine(isSha256Digest).optional(),
  })
  .parse(JSON.parse(argv[2] ?? ''))

const started = performance.now()
const solution = solutionOf(request.components)
const source = createSourceTree(request.root)
const tree = await source.list(solution)
const listed = performance.now()
if (tree.secrets.length > 0 || tree.problems.length > 0) {
  console.error('The tree of the benchmark is meant to be sound:', tree.secrets[0] ?? tree.problems[0])
  exit(1)
}
const published = await createArtifacts(openBlobStore({ location: request.store })).publish({
  directory: tree.directory,
  files: tree.files,
  locks: [],
  manifest: {
    solution: solution.name,
    components: [],
    config: { repository: {}, solution: {}, rings: {} },
    plan: { order: solution.components.map(one => one.name) },
  },
  sourceUrl: 'https://github.com/octo/shop',
  baseline: request.baseline,
})
const ended = performance.now()
stdout.write(
  JSON.stringify({
    listMs: listed - started,
    publishMs: ended - listed,
    peakBytes: peakMemory(),
    digest: published.artifact.digest,
    uploadedBytes: published.uploadedBytes,
  }),
)

/** Bytes. Linux counts into `maxRSS` what the parent held when it started this process; its own account of the process does not. */
function peakMemory(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : ''
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return (kilobytes === undefined ? resourceUsage().maxRSS : Number(kilobytes)) * 1024
}

function solutionOf(components: number): Solution {
  return {
    name: 'bench',
    path: '.',
    include: ['**'],
    exclude: [],
    components: Array.from({ length: components }, (_, number) => component(`component-${number}`)),
    config: {},
    connectors: {},
    requiredConfig: [],
    rings: [],
  }
}

function component(name: string): Component {
  return { name, kind: 'code', files: [`${name}/**`], uses: [], tools: [], connectors: [], secrets: [] }
}
