import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRingFile } from '../../config/read-ring-file.ts'
import { type Finding, ok } from '../../domain/finding.ts'
import type { RingFile } from '../../domain/solution.ts'
import { problemLine } from '../terminal-journal.ts'

/** The ring file, and what is to be said of it. */
export interface RingFileLook {
  readonly finding: Finding
  /** Undefined when it is missing or has problems. */
  readonly ringFile: RingFile | undefined
}

export function lookAtRingFile(root: string, path: string): RingFileLook {
  if (!existsSync(join(root, path))) {
    const fix = 'Type `ringway init`.'
    return { finding: { what: path, verdict: 'problem', words: 'not there', fix }, ringFile: undefined }
  }
  const reading = readRingFile(readFileSync(join(root, path), 'utf8'), path)
  if (reading.ok) {
    const words = reading.ringFile.solutions.map(one => `${one.name}: ${one.rings.map(ring => ring.name).join(', ')}`)
    return { finding: ok(path, words.join('; ')), ringFile: reading.ringFile }
  }
  const { length } = reading.problems
  const finding: Finding = {
    what: path,
    verdict: 'problem',
    words: `${length} ${length === 1 ? 'problem' : 'problems'}`,
    fix: 'Write what each line says; `ringway validate` shows them again.',
    details: reading.problems.map(problemLine),
  }
  return { finding, ringFile: undefined }
}
