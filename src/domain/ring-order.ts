import type { Ring } from './ring.ts'
import type { RingFile, Solution } from './solution.ts'

/** The ring that uses an environment. GitHub compares names of environments without case. */
export function findRing(
  ringFile: RingFile,
  environment: string,
): { readonly solution: Solution; readonly ring: Ring } | undefined {
  const wanted = environment.toLowerCase()
  for (const solution of ringFile.solutions) {
    const ring = solution.rings.find(candidate => candidate.environment.toLowerCase() === wanted)
    if (ring !== undefined) return { solution, ring }
  }
  return undefined
}

/** The rings that nothing comes before. */
export function firstRings(solution: Solution): readonly Ring[] {
  return solution.rings.filter(ring => ring.after === undefined)
}

/** The rings that come right after one. */
export function nextRings(solution: Solution, ring: Ring): readonly Ring[] {
  return solution.rings.filter(other => other.after === ring.name)
}

/** The rings that come before one, the nearest first. */
export function earlierRings(solution: Solution, ring: Ring): readonly Ring[] {
  const found: Ring[] = []
  let before = previousRing(solution, ring)
  // A ring file whose rings go in circles is refused by its reader; here it must at least end.
  while (before !== undefined && before.name !== ring.name && !found.includes(before)) {
    found.push(before)
    before = previousRing(solution, before)
  }
  return found
}

/** Every ring after those that it follows; rings side by side in the order of the file. */
export function ringsInOrder(solution: Solution): readonly Ring[] {
  const withFollowers = (ring: Ring): readonly Ring[] => [ring, ...nextRings(solution, ring).flatMap(withFollowers)]
  return firstRings(solution).flatMap(withFollowers)
}

function previousRing(solution: Solution, ring: Ring): Ring | undefined {
  return solution.rings.find(other => other.name === ring.after)
}
