import { RingwayError } from '../domain/ringway-error.ts'
import { readOwnRings } from '../engine/read-rings.ts'
import type { LocalPorts } from './compose-local.ts'

/**
 * The solution that a command is about: the one that was named, else the only one that the ring file declares.
 *
 * @throws {RingwayError} `input_invalid` when there are several and none was named
 */
export async function onlySolution(ports: LocalPorts, named: string | undefined): Promise<string> {
  if (named !== undefined) return named
  const { ringFile } = await readOwnRings(ports)
  const [first, ...others] = ringFile.solutions
  if (first !== undefined && others.length === 0) return first.name
  throw new RingwayError({
    code: 'input_invalid',
    message: `The ring file declares ${ringFile.solutions.map(one => one.name).join(', ')}.`,
    remedy: 'Say which one: --solution <name>.',
  })
}
