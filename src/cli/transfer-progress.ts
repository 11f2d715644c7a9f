import type { Progress } from '../ports/artifacts.ts'
import { sayBytes } from '../text/duration.ts'

/** Where progress is shown: the error stream. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined
  write(text: string): unknown
}

/** Shows how far packing, uploading and pulling have come. */
export interface TransferProgress {
  readonly report: (progress: Progress) => void
  /** Takes the line away that is being rewritten. */
  clear(): void
}

/** Bytes. Less than this is over before anybody has read about it. */
const worthALine = 8 * 1024 * 1024
/** Milliseconds between two rewritings. */
const refreshMs = 100

/** On a terminal, one line that is rewritten; in a log, a line for each quarter of long work. */
export function createTransferProgress(stream: ProgressStream, now: () => number): TransferProgress {
  return stream.isTTY === true ? rewriting(stream, now) : stepping(stream)
}

function rewriting(stream: ProgressStream, now: () => number): TransferProgress {
  let shownAt = -Infinity
  let isShown = false
  return {
    report(progress) {
      const at = now()
      if (at - shownAt < refreshMs) return
      shownAt = at
      isShown = true
      stream.write(`\r${sayProgress(progress)}\u001b[K`)
    },
    clear() {
      if (isShown) stream.write('\r\u001b[K')
      isShown = false
    },
  }
}

function stepping(stream: ProgressStream): TransferProgress {
  const told = new Map<Progress['doing'], number>()
  return {
    report(progress) {
      if (progress.total < worthALine) return
      const quarter = Math.floor((4 * progress.done) / progress.total)
      if (quarter <= (told.get(progress.doing) ?? 0)) return
      told.set(progress.doing, quarter)
      stream.write(`${sayProgress(progress)}\n`)
    },
    clear: () => told.clear(),
  }
}

function sayProgress({ doing, done, total }: Progress): string {
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total)
  return `${doing} ${percent} % (${sayBytes(done)} of ${sayBytes(total)})`
}
