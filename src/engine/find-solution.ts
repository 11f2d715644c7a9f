import { RingwayError } from '../domain/ringway-error.ts'
import type { RingFile, Solution } from '../domain/solution.ts'

/**
 * The solution that has this name.
 *
 * @throws {RingwayError} `unknown_solution`
 */
export function findSolution(ringFile: RingFile, name: string): Solution {
  const solution = ringFile.solutions.find(one => one.name === name)
  if (solution !== undefined) return solution
  const known = ringFile.solutions.map(one => one.name)
  throw new RingwayError({
    code: 'unknown_solution',
    message: `The ring file declares no solution ${JSON.stringify(name)}; it knows ${known.join(', ')}.`,
    remedy: 'Name one of them as `solution`, or leave it out to build all.',
    facts: { known },
  })
}
