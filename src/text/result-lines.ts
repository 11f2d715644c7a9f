import type { RunResult } from '../domain/result.ts'
import { heldGateLines } from './gate-table.ts'
import { whatHappened } from './job-summary.ts'
import { logLine } from './log-line.ts'

/** How a run ended, as the last lines of its log. */
export function resultLines(result: RunResult): readonly string[] {
  const built = (result.solutions ?? []).map(
    one => `${one.solution} ${one.version ?? 'draft'} ${one.digest}: ${whatHappened(one)}`,
  )
  const evidence = (result.checks ?? [])
    .filter(check => check.kind !== 'passed')
    .flatMap(check => [`check ${check.kind}: ${check.words}`, ...indented(check.evidence)])
  const [remedy, ...lastLines] = (result.remedy ?? '').split('\n')
  return [
    ...built,
    ...heldGateLines(result.gates ?? []),
    ...evidence,
    `${result.decision} (${result.reason_code}): ${result.message}`,
    ...(remedy === undefined || remedy === '' ? [] : [`Now: ${remedy}`]),
    ...indented(lastLines.join('\n')),
  ].map(logLine)
}

function indented(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n').map(line => `  ${line}`)
}
