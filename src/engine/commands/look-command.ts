import type { Command } from '../../domain/command/command.ts'
import { commandNames } from '../../domain/command/command.ts'
import { resolveRing } from '../../domain/command/resolve-ring.ts'
import { usageLine, usages } from '../../domain/command/usage.ts'
import { verbOf } from '../../domain/command/verbs.ts'
import { artifactName } from '../../domain/version.ts'
import { type ChangeLine, changesAsMarkdown } from '../../text/change-lines.ts'
import { effectiveRules } from '../../text/effective-rules.ts'
import { codeSpan, escapeMarkdown } from '../../text/escape-markdown.ts'
import { sayInstant } from '../../text/instant.ts'
import { markdownTable } from '../../text/table.ts'
import { viewPromotion } from '../views/view-promotion.ts'
import { type CommandContext, expectAllowed, keyOf, type ReadyCommand, unlessRefused } from './command-context.ts'

/** `/status`: the sticky comment shows every ring; the answer only says so. */
export function statusCommand(): ReadyCommand {
  return async tx => ({
    words: `This is how it stands, asked at ${sayInstant(tx.now)}. Later changes that were asked for elsewhere show with the next \`/status\`.`,
  })
}

/** `/diff`: what the newest promotion into a ring would change. */
export async function diffCommand(
  context: CommandContext,
  command: Extract<Command, { kind: 'diff' }>,
): Promise<ReadyCommand> {
  const resolved = unlessRefused(resolveRing(context.policy.ringFile, command.ring))
  expectAllowed(context, { command }, resolved)
  const [newest] = await context.ports.store.transaction(context, tx =>
    tx.promotions.find({ ...keyOf(context, resolved), limit: 1 }),
  )
  if (newest === undefined) return async () => ({ words: `Nothing was ever promoted into ${resolved.ring.name}.` })
  const view = await viewPromotion(context.ports, { tenant: context.tenant, promotion: newest.id })
  const lines = view.changes.map(asChangeLine)
  const over = view.before === undefined ? 'nothing' : artifactName(view.before)
  const what = `${artifactName(newest.candidate)} over ${over} in ${resolved.ring.name}`
  return async () => {
    if (view.before === undefined) return { words: `${what}: all of it is new there.` }
    return lines.length === 0
      ? { words: `${what} changes no component and no configuration.` }
      : { words: `${what} changes this.`, details: changesAsMarkdown(lines) }
  }
}

function asChangeLine(line: string): ChangeLine {
  const sign = (['+', '-', '~'] as const).find(known => line.startsWith(known)) ?? ' '
  return { sign, words: line.slice(2) }
}

/** `/help`: what can be typed, and what the ring file says of who may do it and when. */
export function helpCommand(context: CommandContext, command: Extract<Command, { kind: 'help' }>): ReadyCommand {
  const { words: verbs } = context.policy.ringFile.commands
  const names = command.about === undefined ? commandNames : [command.about]
  const rows = names.flatMap(name =>
    verbOf(verbs, name) === undefined
      ? []
      : [[codeSpan(usageLine(name, verbs)), escapeMarkdown(usages[name].sentence)]],
  )
  const details = [
    markdownTable(['Type', 'What it does'], rows),
    command.about === undefined ? effectiveRules(context.policy.ringFile) : '',
  ]
  return async () => ({
    words:
      'One command, in the first line of a new comment. This is what can be typed, and which rules are in force: those of the ring file on the default branch.',
    details: details.filter(part => part !== '').join('\n\n'),
  })
}
