import type { RingFile } from '../domain/solution.ts'
import { ringFileFindings } from './checks/ring-file-checks.ts'
import { type RingFileText, ringFileSchema } from './grammar/ring-file-schema.ts'
import type { Problem } from './problem.ts'
import { type FileGrammar, type Places, readAgainstSchema } from './read-against-schema.ts'
import { ringFileValues } from './ring-values.ts'

/** What reading a ring file gave. */
export type RingFileReading =
  | { readonly ok: true; readonly ringFile: RingFile; readonly places: Places }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const grammar: FileGrammar<RingFileText> = { schema: ringFileSchema, check: ringFileFindings }

/**
 * Reads a ring file. Never throws, whatever the text.
 *
 * @param text - the file
 * @param path - its name, as problems show it
 * @returns its values, or every problem at once, in the order of the file
 */
export function readRingFile(text: string, path = '.github/rings.yml'): RingFileReading {
  const reading = readAgainstSchema(text, { path, grammar })
  return reading.ok ? { ok: true, ringFile: ringFileValues(reading.value), places: reading.places } : reading
}
