import { join } from 'node:path'
import { execPath } from 'node:process'
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
export async function buildOnce(request: {
  readonly root: string
  readonly components: number
  readonly store: string
  readonly baseline?: string
}): Promise<BuildRun> {
  const { tookMs, output } = await runProcess(execPath, [
    join(import.meta.dirname, 'publish-once.ts'),
    JSON.stringify(request),
  ])
  return { tookMs, ...answer.parse(JSON.parse(output)) }
}
