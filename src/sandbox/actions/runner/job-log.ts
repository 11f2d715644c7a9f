import type { Clock } from '../../clock.ts'
import type { Masker } from './masker.ts'

/** The log of one job, complete at any moment while the job still runs. */
export interface JobLog {
  /** Adds text, line by line, dated and with every secret hidden. */
  write(text: string): void
  text(): string
}

export function createJobLog(clock: Clock, masker: Masker): JobLog {
  const lines: string[] = []
  return {
    write(text) {
      const at = clock.now().toISOString()
      for (const line of masker.mask(text).split('\n')) lines.push(`${at.slice(0, -1)}0000Z ${line}`)
    },
    text: () => (lines.length === 0 ? '' : `${lines.join('\n')}\n`),
  }
}
