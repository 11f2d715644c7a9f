import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { rolldown } from 'rolldown'
import { z } from 'zod'
import { runProcess } from './run-process.ts'

/** What one build did, in a process of its own. */
export interface BuildRun {
  /** Milliseconds from the start of the process to its end. */
  readonly tookMs: number
  /** Milliseconds of it for listing the tree and looking for secrets. */
  readonly listMs: number
  /** Milliseconds of it for packing and publishing. */
  readonly publishMs: number
  /** The most memory that the process held at once: its resident set, in bytes. */
  readonly peakBytes: number
  readonly digest: string
  readonly uploadedBytes: number
}

const answer = z.object({
  listMs: z.number(),
  publishMs: z.number(),
  peakBytes: z.number(),
  digest: z.string(),
  uploadedBytes: z.number(),
})

/** Lists, packs and publishes a tree as the product does it. */
export type BuildOnce = (request: {
  readonly root: string
  readonly components: number
  readonly store: string
  readonly baseline?: string
}) => Promise<BuildRun>

const reader = join(import.meta.dirname, '..', '..', 'src', 'adapters', 'fs', 'reading-thread.ts')

/**
 * Bundles the builder as the Action is bundled: what starts on a runner is a few files of JavaScript, and not a hundred of TypeScript.
 *
 * @param home - where the bundle may stand
 */
export async function bundleBuilder(home: string): Promise<BuildOnce> {
  const directory = join(home, 'builder')
  const input = { 'publish-once': join(import.meta.dirname, 'publish-once.ts'), 'reading-thread': reader }
  const bundle = await rolldown({ input, platform: 'node' })
  await bundle.write({ dir: directory, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name].js' })
  await bundle.close()
  await writeFile(join(directory, 'package.json'), '{"type":"module"}')
  return async request => {
    const { tookMs, output } = await runProcess(execPath, [join(directory, 'publish-once.js'), JSON.stringify(request)])
    return { tookMs, ...answer.parse(JSON.parse(output)) }
  }
}
