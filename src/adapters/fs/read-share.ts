import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { readSourceFile, type SourceReading } from './read-source-file.ts'

/** Files that several threads read together, each taking the next ones as it comes to them. */
export interface SharedWork {
  /** Absolute. */
  readonly directory: string
  readonly paths: readonly string[]
  /** One 32-bit number: how many files somebody has taken. */
  readonly taken: SharedArrayBuffer
}

/** The readings of the files that one thread took, by their place in `paths`. */
export type Share = readonly (readonly [number, SourceReading])[]

const takenAtOnce = 16

/** Takes files and reads them until all are taken. */
export async function readShare({ directory, paths, taken }: SharedWork): Promise<Share> {
  const counter = new Int32Array(taken)
  const share: [number, SourceReading][] = []
  for (;;) {
    const first = Atomics.add(counter, 0, takenAtOnce)
    if (first >= paths.length) return share
    for (const [offset, path] of paths.slice(first, first + takenAtOnce).entries()) {
      share.push([first + offset, await readSourceFile({ path, place: join(directory, path) })])
    }
    await setImmediate()
  }
}
