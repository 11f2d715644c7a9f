import { closest } from '../../domain/closest.ts'
import type { Finding } from '../problem.ts'
import { quotable } from '../problem.ts'
import { valueAt } from '../yaml/yaml-tree.ts'
import { type Declared, declaredRings } from './declared.ts'

/** `after` names a ring of the same solution, rings go in no circle, and only first rings are deployed to by a push. */
export function ringOrderFindings(solution: Declared): readonly Finding[] {
  const rings = declaredRings(solution)
  const names = rings.map(({ name }) => name)
  const before = new Map(rings.map(ring => [ring.name, valueAt(ring.value, ['after'])]))
  const circles = circlesOf(before)
  return rings.flatMap(ring => {
    const after = before.get(ring.name)
    if (typeof after !== 'string') return firstRingFindings(ring)
    if (!before.has(after)) return [unknownRing(ring, { after, names })]
    return [...circleFindings(ring, circles), ...laterRingFindings(ring, after)]
  })
}

function unknownRing(
  ring: Declared,
  { after, names }: { readonly after: string; readonly names: readonly string[] },
): Finding {
  const others = names.filter(name => name !== ring.name)
  const suggestion = closest(after, others)
  const listed =
    others.length === 0
      ? 'It is the only ring; remove the key'
      : `The others are ${others
          .slice(0, 12)
          .map(name => `\`${quotable(name)}\``)
          .join(', ')}`
  return {
    at: [...ring.at, 'after'],
    part: 'value',
    code: 'unknown_name',
    message: `\`after\` names the ring \`${quotable(after)}\`, which this solution does not have. ${suggestion === undefined ? listed : `Did you mean \`${suggestion}\``}${suggestion === undefined ? '.' : '?'}`,
    suggestion,
  }
}

/** The circles in which rings follow each other, by their ring that stands first in the file; each ring is visited once. */
function circlesOf(before: ReadonlyMap<string, unknown>): ReadonlyMap<string, readonly string[]> {
  const circles = new Map<string, readonly string[]>()
  const visited = new Set<string>()
  for (const start of before.keys()) {
    const path = new Set<string>()
    let name: unknown = start
    while (typeof name === 'string' && !visited.has(name)) {
      visited.add(name)
      path.add(name)
      name = before.get(name)
    }
    if (typeof name === 'string' && path.has(name)) {
      const way = [...path]
      circles.set(...turned(way.slice(way.indexOf(name)), before))
    }
  }
  return circles
}

/** A circle from its ring that stands first in the file on. */
function turned(circle: readonly string[], before: ReadonlyMap<string, unknown>): readonly [string, readonly string[]] {
  const members = new Set(circle)
  const first = [...before.keys()].find(name => members.has(name)) ?? ''
  const index = circle.indexOf(first)
  return [first, [...circle.slice(index), ...circle.slice(0, index)]]
}

/** Reported once per circle. */
function circleFindings(ring: Declared, circles: ReadonlyMap<string, readonly string[]>): readonly Finding[] {
  const circle = circles.get(ring.name)
  if (circle === undefined) return []
  const way = [...circle, ring.name].slice(0, 12).join(' after ')
  return [
    {
      at: [...ring.at, 'after'],
      part: 'value',
      code: 'cycle',
      message: `Rings follow each other in a circle: ${way}. Remove \`after\` from the first ring.`,
    },
  ]
}

function firstRingFindings(ring: Declared): readonly Finding[] {
  const findings: Finding[] = []
  const contradict = (key: readonly string[], message: string): void => {
    findings.push({ at: [...ring.at, ...key], part: 'value', code: 'contradiction', message })
  }
  if (valueAt(ring.value, ['promote']) === 'auto') {
    contradict(
      ['promote'],
      `\`promote: auto\` needs a ring before; write \`after\`, or \`deploy-on: push\` for a first ring.`,
    )
  }
  const soak = valueAt(ring.value, ['gates', 'soak'])
  if (typeof soak === 'string' && /[1-9]/.test(soak)) {
    contradict(
      ['gates', 'soak'],
      `\`soak\` is spent in the ring before, and there is none; write \`after\`, or remove \`soak\`.`,
    )
  }
  return findings
}

function laterRingFindings(ring: Declared, after: string): readonly Finding[] {
  if (valueAt(ring.value, ['deploy-on']) !== 'push') return []
  return [
    {
      at: [...ring.at, 'deploy-on'],
      part: 'value',
      code: 'contradiction',
      message: `A push cannot go to a ring that comes after \`${after}\`. Remove \`deploy-on\`; \`promote: auto\` moves versions on by themselves.`,
      suggestion: 'promote: auto',
    },
  ]
}
