import type * as z from 'zod'
import { closest } from '../../domain/closest.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { ringAnswer, solutionsAnswer } from './answers.ts'
import type { AppHere } from './ask-app.ts'

/** A ring as the App tells it. */
export type RingHere = z.output<typeof ringAnswer>

/** Every ring of the repository, in their order. */
export async function readRings(app: AppHere): Promise<readonly RingHere[]> {
  const { items } = await app.ask(solutionsAnswer, 'GET /solutions')
  return items.flatMap(({ rings }) => rings)
}

/**
 * The ring that `staging` or `support/staging` means.
 *
 * @throws {RingwayError} `unknown_ring`, `ring_ambiguous`
 */
export async function findRing(app: AppHere, name: string): Promise<RingHere> {
  const rings = await readRings(app)
  const found = rings.filter(ring => ring.ring === name || nameOf(ring) === name)
  const [one, another] = found
  if (one === undefined) throw unknown(name, rings)
  if (another === undefined) return one
  throw new RingwayError({
    code: 'ring_ambiguous',
    message: `${found.length} solutions have a ring ${name}.`,
    remedy: `Write ${found.map(nameOf).join(' or ')}.`,
  })
}

/** The path of a ring below the repository's own. */
export function pathOf({ solution, ring }: Pick<RingHere, 'solution' | 'ring'>): string {
  return `/solutions/${encodeURIComponent(solution)}/rings/${encodeURIComponent(ring)}`
}

/** `support/staging` */
export function nameOf({ solution, ring }: Pick<RingHere, 'solution' | 'ring'>): string {
  return `${solution}/${ring}`
}

function unknown(name: string, rings: readonly RingHere[]): RingwayError {
  const names = rings.flatMap(ring => [ring.ring, nameOf(ring)])
  const meant = closest(name, names)
  return new RingwayError({
    code: 'unknown_ring',
    message: `The repository has no ring ${name}.`,
    remedy: meant === undefined ? `It has ${rings.map(nameOf).join(', ')}.` : `Did you mean ${meant}?`,
  })
}
