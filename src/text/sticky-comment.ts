import { isWaiting } from '../domain/promotion.ts'
import type { ConversationView, RingLine } from '../domain/promotion-view.ts'
import { artifactName } from '../domain/version.ts'
import { escapeMarkdown, proseAsMarkdown } from './escape-markdown.ts'
import { markdownTable } from './table.ts'

/** The sticky comment of a pull request or an issue: the answer to the last command, the rings, and what can be typed next. */
export function stickyComment({ rings, candidates, answer }: ConversationView): string {
  const rows = rings.map(line => [
    escapeMarkdown(`${line.solution}/${line.ring}`),
    line.active === undefined ? '–' : artifactName(line.active),
    standing(line),
  ])
  const table = rows.length === 0 ? '' : markdownTable(['Ring', 'Active', 'Promotion'], rows)
  return [answer ?? '', table, candidateLine(candidates), nextLine(rings)].filter(part => part !== '').join('\n\n')
}

function standing({ promotion, lockedBy }: RingLine): string {
  const locked = lockedBy === undefined ? '' : `locked by ${escapeMarkdown(`@${lockedBy}`)}`
  if (promotion === undefined) return locked
  const name = artifactName(promotion.candidate)
  const why = promotion.end === undefined || promotion.state === 'dispatched' ? '' : `: ${promotion.end.words}`
  return [proseAsMarkdown(`${name} ${promotion.state}${why}`), locked].filter(part => part !== '').join('; ')
}

/** What a command binds to is what this line names. */
function candidateLine(candidates: ConversationView['candidates']): string {
  const lines = candidates.map(
    ({ solution, name, digest }) =>
      `From here \`/promote\` takes **${escapeMarkdown(name)}** of ${escapeMarkdown(solution)} (\`${digest.slice(0, 19)}\`).`,
  )
  return lines.join('\n')
}

function nextLine(rings: readonly RingLine[]): string {
  const waiting = rings.find(({ promotion }) => promotion !== undefined && isWaiting(promotion.state))
  const next = waiting === undefined ? '`/promote <ring>`' : `\`/approve ${waiting.ring}\`, \`/reject ${waiting.ring}\``
  return `<sub>Next: ${next}, \`/rollback <ring>\`, \`/status\`, \`/help\`</sub>`
}
