import type { Command } from '../../domain/command/command.ts'
import { commandNames } from '../../domain/command/command.ts'
import { resolveRing } from '../../domain/command/resolve-ring.ts'
import { usageLine, usages } from '../../domain/command/usage.ts'
import { verbOf } from '../../domain/command/verbs.ts'
import { grantName } from '../../domain/policy/grant.ts'
import { ringGrants } from '../../domain/policy/ring-grants.ts'
import { ringsInOrder } from '../../domain/ring-order.ts'
import { artifactName } from '../../domain/version.ts'
import { type ChangeLine, changesAsMarkdown } from '../../text/change-lines.ts'
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
  const details = [markdownTable(['Type', 'What it does'], rows), command.about === undefined ? ringRules(context) : '']
  return async () => ({
    words: 'One command, in the first line of a new comment.',
    details: details.filter(part => part !== '').join('\n\n'),
  })
}

/** The configuration that is in force: the ring file of the default branch. */
function ringRules({ policy }: CommandContext): string {
  const rows = policy.ringFile.solutions.flatMap(solution =>
    ringsInOrder(solution).map(ring => {
      const { gates } = ring
      const { who } = ringGrants(solution, ring, policy.ringFile.allowedBots)
      const approvals =
        gates.approvals === undefined
          ? '–'
          : `${gates.approvals.count}${gates.approvals.from.length === 0 ? '' : ` of ${gates.approvals.from.join(', ')}`}`
      const windows = gates.windows.allow.map(({ text }) => text).join('; ') || 'any time'
      const checks = typeof gates.checks === 'string' ? gates.checks : gates.checks.join(', ')
      return [
        `${solution.name}/${ring.name}`,
        ring.after ?? '–',
        approvals,
        checks,
        windows,
        who.promote.map(grantName).join(', ') || 'nobody',
      ].map(escapeMarkdown)
    }),
  )
  return markdownTable(['Ring', 'After', 'Approvals', 'Checks', 'Open', 'May promote'], rows)
}
