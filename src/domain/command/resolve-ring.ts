import { closest } from '../closest.ts'
import type { Ring } from '../ring.ts'
import { nextRings } from '../ring-order.ts'
import type { Component, RingFile, Solution } from '../solution.ts'
import { type RingReference, type RunCommand, ringReferenceName } from './command.ts'
import { excerpt } from './invalid.ts'
import type { Refused } from './refused.ts'

/** A ring of the ring file, with its solution. */
export interface ResolvedRing {
  readonly kind: 'ring'
  readonly solution: Solution
  readonly ring: Ring
}

/** The ring that a name means. Where several solutions have one of this name, the solution must be named. */
export function resolveRing(ringFile: RingFile, reference: RingReference): ResolvedRing | Refused {
  const solutions = namedSolutions(ringFile, reference.solution)
  if ('kind' in solutions) return solutions
  const found = solutions.flatMap(solution =>
    solution.rings
      .filter(ring => ring.name === reference.ring)
      .map(ring => ({ kind: 'ring', solution, ring }) satisfies ResolvedRing),
  )
  const [first, ...others] = found
  if (first === undefined) return unknownRing(reference, solutions)
  if (others.length === 0) return first
  return ambiguous(
    reference.ring,
    found.map(({ solution }) => solution.name),
  )
}

/**
 * Of the promotions that wait, the one that a command without a ring, or with one, means.
 *
 * @param waiting - those to which the command could be an answer
 */
export function resolveWaiting<T extends { readonly solution: string; readonly ring: string }>(
  waiting: readonly T[],
  reference: RingReference | undefined,
): { readonly kind: 'waiting'; readonly one: T } | Refused {
  const found = waiting.filter(
    ({ solution, ring }) =>
      reference === undefined ||
      (ring === reference.ring && (reference.solution === undefined || solution === reference.solution)),
  )
  const [one, ...others] = found
  const names = waiting.map(ringReferenceName)
  if (one === undefined) {
    const where = reference === undefined ? '' : ` into ${excerpt(ringReferenceName(reference))}`
    return {
      kind: 'refused',
      code: 'nothing_waiting',
      message: `No promotion${where} waits for this.`,
      remedy: names.length === 0 ? 'Promote first.' : `Name one that waits: ${list(names)}.`,
    }
  }
  if (others.length === 0) return { kind: 'waiting', one }
  return {
    kind: 'refused',
    code: 'ring_ambiguous',
    message: `${found.length} promotions wait: ${list(found.map(ringReferenceName))}.`,
    remedy: 'Name the ring of one of them.',
  }
}

/** What a run is started of, and in which ring: the last one, where none is named. */
export function resolveRun(
  ringFile: RingFile,
  command: RunCommand,
): (ResolvedRing & { readonly component: Component }) | Refused {
  const solutions = namedSolutions(ringFile, command.solution)
  if ('kind' in solutions) return solutions
  const found = solutions.flatMap(solution =>
    solution.components.filter(({ name }) => name === command.component).map(component => ({ solution, component })),
  )
  const [first, ...others] = found
  if (first === undefined) {
    const known = solutions.flatMap(({ components }) => components.map(({ name }) => name))
    return unknown('unknown_component', `component ${excerpt(command.component)}`, [command.component, known])
  }
  if (others.length > 0) {
    return ambiguous(
      command.component,
      found.map(({ solution }) => solution.name),
    )
  }
  const { solution, component } = first
  const rings = solution.rings.filter(ring =>
    command.ring === undefined ? nextRings(solution, ring).length === 0 : ring.name === command.ring,
  )
  const [ring, another] = rings
  if (ring === undefined) return unknownRing({ ring: command.ring ?? '' }, [solution])
  if (another === undefined) return { kind: 'ring', solution, ring, component }
  return {
    kind: 'refused',
    code: 'ring_ambiguous',
    message: `${solution.name} has ${rings.length} last rings: ${list(rings.map(({ name }) => name))}.`,
    remedy: `Name one, as in \`--ring ${ring.name}\`.`,
  }
}

function namedSolutions(ringFile: RingFile, name: string | undefined): readonly Solution[] | Refused {
  const solutions = ringFile.solutions.filter(solution => name === undefined || solution.name === name)
  if (solutions.length > 0 || name === undefined) return solutions
  return unknown('unknown_solution', `solution ${excerpt(name)}`, [name, ringFile.solutions.map(one => one.name)])
}

function unknownRing(reference: RingReference, solutions: readonly Solution[]): Refused {
  const known = solutions.flatMap(({ rings }) => rings.map(({ name }) => name))
  return unknown('unknown_ring', `ring ${excerpt(ringReferenceName(reference))}`, [reference.ring, known])
}

function unknown(
  code: 'unknown_ring' | 'unknown_solution' | 'unknown_component',
  what: string,
  [name, known]: readonly [name: string, known: readonly string[]],
): Refused {
  const names = [...new Set(known)]
  const meant = closest(name, names)
  return {
    kind: 'refused',
    code,
    message: `The ring file declares no ${what}.`,
    remedy: meant !== undefined ? `Did you mean \`${meant}\`?` : `It has ${names.length === 0 ? 'none' : list(names)}.`,
  }
}

function ambiguous(name: string, solutions: readonly string[]): Refused {
  return {
    kind: 'refused',
    code: 'ring_ambiguous',
    message: `${solutions.length} solutions have ${excerpt(name)}.`,
    remedy: `Write ${solutions
      .slice(0, 10)
      .map(solution => `\`${solution}/${name}\``)
      .join(' or ')}.`,
  }
}

/** A repository may have hundreds; an answer shows some. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(name => `\`${name}\``)
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ')
}
