import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { readShare, type Share, type SharedWork } from './read-share.ts'
import type { SourceReading } from './read-source-file.ts'
import type { FoundFile } from './walk-tree.ts'

/** Bytes. Of a smaller tree all is read before a thread has begun. */
const worthAThread = 64 * 1024 * 1024

/** Megabytes. What it makes is small and short-lived; left alone it would take thirty before it tidies up. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 }

/** A file of the tree with what reading it told. */
export type ReadFile = FoundFile & SourceReading

/** Reads files, on two cores when there is much to read; gives them back in their order. */
export async function readFiles(directory: string, files: readonly FoundFile[]): Promise<readonly ReadFile[]> {
  const work = { directory, paths: files.map(({ path }) => path), taken: new SharedArrayBuffer(4) }
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  const isLarge = bytes >= worthAThread && availableParallelism() > 1
  const readings = new Map(isLarge ? await readWithThread(work) : await readShare(work))
  return files.flatMap((file, index) => {
    const reading = readings.get(index)
    return reading === undefined ? [] : [{ ...file, ...reading }]
  })
}

async function readWithThread(work: SharedWork): Promise<Share> {
  // Beside the bundle's own file stands the thread's, bundled too; beside this one its source.
  const source = new URL('./reading-thread.ts', import.meta.url)
  const bundled = new URL('./reading-thread.js', import.meta.url)
  const entry = import.meta.url.endsWith('.ts') ? source : bundled
  const thread = new Worker(entry, { workerData: work, resourceLimits })
  try {
    const theirs = new Promise<Share>((resolve, reject) => {
      thread.once('message', resolve).once('error', reject)
      thread.once('exit', code => reject(new Error(`The reading thread ended with ${code} and no word.`)))
    })
    return (await Promise.all([readShare(work), theirs])).flat()
  } finally {
    await thread.terminate()
  }
}
