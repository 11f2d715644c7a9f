import type { GateVerdict } from '../domain/gates/gate-verdict.ts'
import { proseAsMarkdown } from './escape-markdown.ts'
import { sayInstant } from './instant.ts'
import { logLine } from './log-line.ts'
import { markdownTable } from './table.ts'

/** Every gate in a row: what it says, what it found, and what would make it pass. */
export function gateTable(verdicts: readonly GateVerdict[]): string {
  const rows = verdicts.map(gate => [
    gateName(gate),
    gate.verdict === 'pass' ? 'pass' : `**${gate.verdict}**`,
    proseAsMarkdown(gate.words),
    proseAsMarkdown(wayOut(gate)),
  ])
  return markdownTable(['Gate', 'Verdict', 'Found', 'What would make it pass'], rows)
}

/** The gates that do not pass, a line each. */
export function heldGateLines(verdicts: readonly GateVerdict[]): readonly string[] {
  return verdicts
    .filter(gate => gate.verdict !== 'pass')
    .map(gate =>
      logLine(`gate ${gateName(gate)}: ${gate.verdict}, ${[gate.words, wayOut(gate)].filter(Boolean).join('. ')}`),
    )
}

/** The gates that do not pass, as a list for Markdown: what each found, when it passes by itself, and what a person can do. */
export function heldGateList(verdicts: readonly GateVerdict[]): string {
  return verdicts
    .filter(gate => gate.verdict !== 'pass')
    .map(gate => {
      const found = [gate.words, wayOut(gate)].filter(Boolean).join('. ')
      const how = gate.verdict === 'errored' || gate.verdict === 'inconclusive' ? ` (${gate.verdict})` : ''
      return `- **${gateName(gate)}**${how}: ${proseAsMarkdown(found)}`
    })
    .join('\n')
}

function gateName({ gate }: GateVerdict): string {
  return gate.replaceAll('_', ' ')
}

function wayOut({ until, remedy }: GateVerdict): string {
  const passes = until === undefined ? '' : `It passes by itself at ${sayInstant(until)}.`
  return [passes, remedy ?? ''].filter(part => part !== '').join(' ')
}
