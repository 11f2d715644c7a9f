import type { TextPlaces } from '../domain/compile/text-places.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { RingFile } from '../domain/solution.ts'
import type { BuildPorts } from './build-ports.ts'
import type { DeployPorts } from './deploy-ports.ts'

/**
 * The ring file of the default branch: what decides is never what a pull request proposes.
 *
 * @throws {RingwayError} `ring_file_missing`, `ring_file_invalid` (every problem is in the journal)
 */
export async function readRings(
  ports: Pick<DeployPorts, 'repository' | 'journal' | 'ringFilePath' | 'readRingFile'>,
): Promise<RingFile> {
  const text = await ports.repository.readText({ path: ports.ringFilePath })
  if (text === undefined)
    throw missingRingFile(ports.ringFilePath, `the default branch of ${ports.repository.fullName}`)
  return (await parseRings(ports, text)).ringFile
}

/**
 * The ring file of the commit that is built.
 *
 * @throws {RingwayError} `ring_file_missing`, `ring_file_invalid` (every problem is in the journal)
 */
export async function readOwnRings(
  ports: Pick<BuildPorts, 'readOwnRingFile' | 'journal' | 'ringFilePath' | 'readRingFile'>,
): Promise<ParsedRings> {
  const text = await ports.readOwnRingFile()
  if (text === undefined) throw missingRingFile(ports.ringFilePath, 'the commit that is built')
  return await parseRings(ports, text)
}

/** A ring file without problems. */
export interface ParsedRings {
  readonly ringFile: RingFile
  /** Where its values stand in the text. */
  readonly places: TextPlaces
}

/** @throws {RingwayError} `ring_file_invalid`; every problem is in the journal */
async function parseRings(
  ports: Pick<DeployPorts, 'journal' | 'ringFilePath' | 'readRingFile'>,
  text: string,
): Promise<ParsedRings> {
  const reading = await ports.readRingFile(text, ports.ringFilePath)
  if (reading.ok) return reading
  for (const problem of reading.problems) ports.journal.problem(problem)
  const count = reading.problems.length
  throw new RingwayError({
    code: 'ring_file_invalid',
    message: `${ports.ringFilePath} has ${count} ${count === 1 ? 'problem' : 'problems'}; the first: ${reading.problems[0]?.message ?? ''}`,
    remedy: 'Run `ringway validate` to see each with its line and what to write instead.',
  })
}

/** The refusal for a repository without a ring file. */
export function missingRingFile(path: string, place: string): RingwayError {
  return new RingwayError({
    code: 'ring_file_missing',
    message: `There is no ${path} in ${place}.`,
    remedy: 'Run `ringway init` in the repository, commit what it writes and push.',
  })
}
