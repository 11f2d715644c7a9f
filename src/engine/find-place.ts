import type { Ring } from '../domain/ring.ts'
import { findRing } from '../domain/ring-order.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { RingFile, Solution } from '../domain/solution.ts'

/** The ring that an environment names. */
export interface Place {
  readonly ringFile: RingFile
  readonly solution: Solution
  readonly ring: Ring
}

/** @throws {RingwayError} `unknown_ring`, naming the environments that there are */
export function findPlace(ringFile: RingFile, environment: string): Place {
  const found = findRing(ringFile, environment)
  if (found !== undefined) return { ringFile, ...found }
  const known = ringFile.solutions.flatMap(solution => solution.rings.map(ring => ring.environment))
  throw new RingwayError({
    code: 'unknown_ring',
    message: `No ring uses the environment ${JSON.stringify(environment)}; the ring file of the default branch knows ${known.join(', ')}.`,
    remedy: 'Name one of them as `environment`.',
    facts: { known },
  })
}
