import type { RunResult } from '../domain/result.ts'
import { whatHappened } from './job-summary.ts'

/** How a run ended, as the last lines of its log. */
export function resultLines(result: RunResult): readonly string[] {
  const built = (result.solutions ?? []).map(
    one => `${one.solution} ${one.version ?? 'draft'} ${one.digest}: ${whatHappened(one)}`,
  )
  const held = (result.gates ?? [])
    .filter(gate => gate.verdict !== 'pass')
    .map(gate => `gate ${gate.gate.replaceAll('_', ' ')}: ${gate.verdict}, ${gate.words}`)
  const evidence = (result.checks ?? [])
    .filter(check => check.kind !== 'passed')
    .flatMap(check => [`check ${check.kind}: ${check.words}`, ...check.evidence.split('\n').map(line => `  ${line}`)])
  return [
    ...built,
    ...held,
    ...evidence,
    `${result.decision} (${result.reason_code}): ${result.message}`,
    ...(result.remedy === undefined ? [] : [`Now: ${result.remedy}`]),
  ]
}
