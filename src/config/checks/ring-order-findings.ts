import { closest } from '../closest.ts'
import type { Finding } from '../problem.ts'
import { quotable } from '../problem.ts'
import { valueAt } from '../yaml/yaml-tree.ts'
import { type Declared, declaredRings } from './declared.ts'

/** `after` names a ring of the same solution, rings go in no circle, and only first rings are deployed to by a push. */
export function ringOrderFindings(solution: Declared): readonly Finding[] {
  const rings = declaredRings(solution)
  const names = rings.map(({ name }) => name)
  return rings.flatMap(ring => {
    const after = valueAt(ring.value, ['after'])
    if (typeof after !== 'string') return firstRingFindings(ring)
    if (!names.includes(after)) return [unknownRing(ring, { after, names })]
    return [...circleFindings(ring, rings), ...laterRingFindings(ring, after)]
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
      : `The others are ${others.map(name => `\`${name}\``).join(', ')}`
  return {
    at: [...ring.at, 'after'],
    part: 'value',
    code: 'unknown_name',
    message: `\`after\` names the ring \`${quotable(after)}\`, which this solution does not have. ${suggestion === undefined ? listed : `Did you mean \`${suggestion}\``}${suggestion === undefined ? '.' : '?'}`,
    suggestion,
  }
}

/** Reported once per circle, at its ring that stands first in the file. */
function circleFindings(ring: Declared, rings: readonly Declared[]): readonly Finding[] {
  const path: string[] = []
  let name: unknown = ring.name
  while (typeof name === 'string' && !path.includes(name)) {
    path.push(name)
    name = valueAt(rings.find(other => other.name === name)?.value, ['after'])
  }
  if (name !== ring.name) return []
  const first = rings.find(other => path.includes(other.name))
  if (first?.name !== ring.name) return []
  return [
    {
      at: [...ring.at, 'after'],
      part: 'value',
      code: 'cycle',
      message: `Rings follow each other in a circle: ${[...path, ring.name].join(' after ')}. Remove \`after\` from the first ring.`,
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
