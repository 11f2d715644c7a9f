import type { GateVerdict } from '../domain/gates/gate-verdict.ts'
import { reasonCodes } from '../domain/reason-code.ts'
import type { CheckResult, RunResult, SolutionResult } from '../domain/result.ts'
import { sayBytes, sayDuration } from './duration.ts'
import { codeBlock, codeSpan, escapeMarkdown, proseAsMarkdown } from './escape-markdown.ts'
import { gateTable } from './gate-table.ts'
import { markdownTable } from './table.ts'

/** The job summary of a run: what happened first, then why, then the evidence. */
export function jobSummary(result: RunResult): string {
  const parts = [
    `### ${heading(result)}`,
    proseAsMarkdown(result.message),
    result.remedy === undefined ? '' : `**Now:** ${remedy(result.remedy)}`,
    facts(result),
    solutions(result.solutions ?? []),
    rings(result),
    interfaces(result.solutions ?? []),
    changes(result.changes ?? []),
    gates(result.gates ?? []),
    checks(result.checks ?? []),
  ]
  return `${parts.filter(part => part !== '').join('\n\n')}\n`
}

const decisions: Record<RunResult['decision'], string> = {
  done: 'done',
  nothing: 'nothing to do',
  refused: 'refused',
  failed: 'failed',
  errored: 'could not be asked',
}

function heading(result: RunResult): string {
  const what = [result.version, result.ring].filter(part => part !== undefined).join(' → ')
  const how = result.state === undefined ? decisions[result.decision] : result.state.replaceAll('_', ' ')
  return escapeMarkdown(`Ringway ${result.command}${what === '' ? '' : ` ${what}`}: ${how}`)
}

/** A remedy may end with the last lines of a command, which stand in a block of their own. */
function remedy(text: string): string {
  const [first = '', ...rest] = text.split('\n')
  return rest.length === 0 ? proseAsMarkdown(first) : `${proseAsMarkdown(first)}\n\n${codeBlock(rest.join('\n'))}`
}

function facts(result: RunResult): string {
  const rows = [
    ['Solution', result.solution],
    ['Ring', result.ring],
    ['Version', result.version],
    ['Digest', result.digest],
    ['Before', result.previous_version],
    ['Deployment', result.deployment_id?.toString()],
    ['Answers at', result.url],
  ] as const
  const known = rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, codeSpan(value)]]))
  if (result.reason_code !== 'ok') {
    known.push(['Reason', `${codeSpan(result.reason_code)} – ${escapeMarkdown(reasonCodes[result.reason_code])}`])
  }
  return known.length === 0 ? '' : markdownTable(['', ''], known)
}

function solutions(built: readonly SolutionResult[]): string {
  if (built.length === 0) return ''
  return markdownTable(
    ['Solution', 'Version', 'Digest', 'What happened', 'Uploaded'],
    built.map(one => [
      escapeMarkdown(one.solution),
      one.version ?? 'draft',
      codeSpan(one.digest),
      escapeMarkdown(whatHappened(one)),
      sayBytes(one.uploaded_bytes),
    ]),
  )
}

/** What a build did with a solution, in a few words. */
export function whatHappened(one: SolutionResult): string {
  const published = one.published ? 'published' : 'the content is known'
  const sent = [...one.dispatched, ...(one.promotions ?? [])].map(({ ring }) => ring).join(', ')
  return sent === '' ? `${published}, nothing to deploy` : `${published}, on its way into ${sent}`
}

function interfaces(built: readonly SolutionResult[]): string {
  const breaking = built.filter(one => one.compatibility?.breaking === true)
  const lines = breaking.flatMap(one => one.compatibility?.findings ?? []).map(words => `- ${escapeMarkdown(words)}`)
  return lines.length === 0 ? '' : `#### Callers may break\n\n${lines.join('\n')}`
}

function changes(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `#### What ships\n\n${codeBlock(lines.join('\n'), 'diff')}`
}

function rings(result: RunResult): string {
  if (result.rings === undefined || result.rings.length === 0) return ''
  return markdownTable(
    ['Solution', 'Ring', 'Version', 'Newest', 'State'],
    result.rings.map(ring => [
      escapeMarkdown(ring.solution),
      escapeMarkdown(ring.ring),
      ring.version ?? '–',
      ring.newest ?? '–',
      ring.state?.replaceAll('_', ' ') ?? '–',
    ]),
  )
}

function gates(verdicts: readonly GateVerdict[]): string {
  return verdicts.length === 0 ? '' : `#### Gates\n\n${gateTable(verdicts)}`
}

function checks(results: readonly CheckResult[]): string {
  if (results.length === 0) return ''
  const rows = results.map(check => [
    check.kind,
    proseAsMarkdown(check.words),
    `${check.attempts}`,
    sayDuration(check.took_ms),
  ])
  const evidence = results
    .filter(check => check.kind !== 'passed' && check.evidence !== '')
    .map(check => `What it saw:\n\n${codeBlock(check.evidence)}`)
  return [`#### Checks\n\n${markdownTable(['Check', 'Found', 'Attempts', 'Took'], rows)}`, ...evidence].join('\n\n')
}
