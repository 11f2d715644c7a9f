import { readWallTime, type WallTime, wallTimePattern } from '../notation/wall-time.ts'
import { type Finding, quotable } from '../problem.ts'
import { isList, textsAt, valueAt, type YamlValue } from '../yaml/yaml-tree.ts'
import { twiceFindings } from './component-findings.ts'
import type { Declared } from './declared.ts'

/** Gates that can never open, and freezes that end before they begin. */
export function gateFindings(ring: Declared): readonly Finding[] {
  return [...approvalFindings(ring), ...ignoredFindings(ring), ...labelFindings(ring), ...freezeFindings(ring)]
}

function approvalFindings(ring: Declared): readonly Finding[] {
  const at = [...ring.at, 'gates', 'approvals']
  const approvals = valueAt(ring.value, ['gates', 'approvals']) ?? null
  const people = new Set(textsAt(approvals, ['from']).map(([, person]) => person.toLowerCase()))
  const count = valueAt(approvals, ['count'])
  const twice = twiceFindings({ value: approvals, at }, 'from')
  const isCountable = people.size > 0 && ![...people].some(person => person.startsWith('team:'))
  if (!isCountable || typeof count !== 'number' || count <= people.size) return twice
  const words = people.size === 1 ? 'one person' : `${people.size} people`
  const message = `${count} approvals are asked of ${words}; nobody could ever satisfy it. Lower \`count\` to ${people.size}, or name more people or a team.`
  return [
    ...twice,
    { at: [...at, 'count'], part: 'value', code: 'contradiction', message, suggestion: String(people.size) },
  ]
}

/** What is ignored would have counted otherwise. */
function ignoredFindings(ring: Declared): readonly Finding[] {
  const gates = valueAt(ring.value, ['gates']) ?? null
  const at = [...ring.at, 'gates', 'ignore-checks']
  const rule = valueAt(gates, ['checks'])
  const named = textsAt(gates, ['checks']).map(([, name]) => name)
  const ignored = textsAt(gates, ['ignore-checks'])
  if (ignored.length > 0 && (rule === undefined || rule === 'none')) {
    const message = 'No checks are asked for, so there are none to ignore; write `checks`, or remove `ignore-checks`.'
    return [{ at, part: 'key', code: 'contradiction', message }]
  }
  const both = ignored.filter(([, name]) => named.includes(name))
  return [
    ...twiceFindings({ value: gates, at: at.slice(0, -1) }, 'ignore-checks'),
    ...both.map(
      ([index, name]): Finding => ({
        at: [...at, index],
        part: 'value',
        code: 'contradiction',
        message: `\`${quotable(name)}\` is asked for by \`checks\` and ignored; remove it from one of them.`,
      }),
    ),
  ]
}

function labelFindings(ring: Declared): readonly Finding[] {
  const at = [...ring.at, 'gates', 'labels']
  const labels = valueAt(ring.value, ['gates', 'labels']) ?? null
  // GitHub's labels are the same in capitals and in small letters.
  const required = new Set(textsAt(labels, ['require']).map(([, label]) => label.toLowerCase()))
  return textsAt(labels, ['forbid']).flatMap(([index, label]): readonly Finding[] => {
    if (!required.has(label.toLowerCase())) return []
    const message = `The label \`${quotable(label)}\` is required and forbidden; nothing could ever enter. Remove one.`
    return [{ at: [...at, 'forbid', index], part: 'value', code: 'contradiction', message }]
  })
}

function freezeFindings(ring: Declared): readonly Finding[] {
  const freezes = valueAt(ring.value, ['gates', 'windows', 'freeze'])
  if (!isList(freezes)) return []
  return freezes.flatMap((freeze, index): readonly Finding[] => {
    const from = wallTimeOf(valueAt(freeze, ['from']))
    const to = wallTimeOf(valueAt(freeze, ['to']))
    if (from === undefined || to === undefined || beginning(from) < ending(to)) return []
    const at = [...ring.at, 'gates', 'windows', 'freeze', index, 'to']
    return [
      { at, part: 'value', code: 'contradiction', message: 'The freeze ends before it begins; swap `from` and `to`.' },
    ]
  })
}

function wallTimeOf(value: YamlValue | undefined): WallTime | undefined {
  if (typeof value !== 'string' || !wallTimePattern.test(value)) return undefined
  const reading = readWallTime(value)
  return reading.ok ? reading.value : undefined
}

function beginning({ day, minute }: WallTime): number {
  return day * 1440 + (minute ?? 0)
}

function ending({ day, minute }: WallTime): number {
  return day * 1440 + (minute ?? 1440)
}
