import type { DeploymentState } from '../domain/deployment.ts'
import { isWaiting, type Promotion } from '../domain/promotion.ts'
import type { ConversationView, RingLine } from '../domain/promotion-view.ts'
import { artifactName } from '../domain/version.ts'
import { codeSpan, escapeMarkdown, link, proseAsMarkdown } from './escape-markdown.ts'
import { sayInstant } from './instant.ts'
import { inOwnVerbs } from './own-verbs.ts'
import { markdownTable } from './table.ts'

/**
 * The sticky comment of a pull request or an issue: the answer to the last command, a line per ring, what the ring file says in words of its
 * own, and what can be typed next.
 */
export function stickyComment({ verbs, rings, candidates, messages, answer }: ConversationView): string {
  const rows = rings.map(line => [escapeMarkdown(`${line.solution}/${line.ring}`), runs(line), standing(line)])
  const table = rows.length === 0 ? '' : markdownTable(['Ring', 'Active', 'Newest promotion'], rows)
  const own = (part: string): string => inOwnVerbs(part, verbs)
  // The answer and the messages are in the repository's words already.
  return [answer ?? '', own(table), messages.join('\n\n'), own(candidateLines(candidates)), own(nextLine(rings))]
    .filter(part => part !== '')
    .join('\n\n')
}

/** What runs there, where and since when. */
function runs({ active, lifecycle }: RingLine): string {
  const state = lifecycle === 'active' ? '' : `**${lifecycle}**`
  if (active === undefined) return state === '' ? 'nothing yet' : state
  const how = active.state === 'active' ? '' : ` (${active.state.replaceAll('_', ' ')})`
  const what = `${link(artifactName(active), active.url)}${how} since ${sayInstant(active.activatedAt ?? active.since)}`
  return state === '' ? what : `${what}; ${state}`
}

function standing(line: RingLine): string {
  const { promotion, lock } = line
  const until = lock?.until === undefined ? '' : ` until ${sayInstant(lock.until)}`
  const why = lock?.reason === undefined ? '' : `: ${escapeMarkdown(lock.reason)}`
  const locked = lock === undefined ? [] : [`locked by ${escapeMarkdown(`@${lock.by.login}`)}${until}${why}`]
  const fault = line.rollbackFault === undefined ? [] : [proseAsMarkdown(line.rollbackFault)]
  return [...(promotion === undefined ? [] : [promotionWords(line, promotion)]), ...locked, ...fault].join('; ')
}

/** States that are only passed through. */
const onTheWay: readonly DeploymentState[] = ['queued', 'building', 'deploying', 'validating']

function promotionWords({ deployment }: RingLine, promotion: Promotion): string {
  const name = `**${artifactName(promotion.candidate)}**`
  const back = promotion.task === 'rollback' ? ' (rollback)' : ''
  if (deployment !== undefined) {
    const { state, words, since, createdAt } = deployment
    // The comment is not edited at each step on the way; the check run shows them.
    if (onTheWay.includes(state)) {
      return `${name}${back} is on its way since ${sayInstant(createdAt)}`
    }
    const said = words === '' ? '' : `: ${proseAsMarkdown(words)}`
    return `${name}${back} ${state.replaceAll('_', ' ')} since ${sayInstant(since)}${said}`
  }
  const why = promotion.end === undefined ? '' : `: ${proseAsMarkdown(promotion.end.words)}`
  return `${name}${back} ${stateWords[promotion.state]}${why}`
}

const stateWords: Readonly<Record<Promotion['state'], string>> = {
  requested: 'is looked at',
  gated: 'waits',
  authorised: 'starts when there is room',
  dispatched: 'is on its way',
  done: 'is done',
  refused: 'was refused',
  superseded: 'gave way',
  expired: 'expired',
}

/** What a command binds to is what this line names. */
function candidateLines(candidates: ConversationView['candidates']): string {
  const lines = candidates.map(
    ({ solution, name, digest }) =>
      `From here \`/promote\` takes **${escapeMarkdown(name)}** of ${escapeMarkdown(solution)} (\`${digest.slice(0, 19)}\`).`,
  )
  return lines.join('\n')
}

function nextLine(rings: readonly RingLine[]): string {
  const answers = rings.flatMap(({ promotion, name }) =>
    promotion !== undefined && asksPeople(promotion) ? [`/approve ${name}`, `/reject ${name}`] : [],
  )
  const retries = rings.flatMap(({ promotion, deployment, name }) =>
    promotion?.task === 'deploy' && hasFailed(promotion, deployment) ? [`/retry ${name}`] : [],
  )
  const first = answers.length + retries.length === 0 ? ['/promote <ring>'] : [...answers, ...retries]
  const next = [...first, '/rollback <ring>', '/status', '/help'].map(codeSpan).join(', ')
  return `<sub>Next: ${next}</sub>`
}

function asksPeople({ state, verdicts }: Promotion): boolean {
  return isWaiting(state) && verdicts.some(({ gate, verdict }) => gate === 'approvals' && verdict === 'wait')
}

function hasFailed({ state }: Promotion, deployment: RingLine['deployment']): boolean {
  return state === 'refused' || state === 'expired' || deployment?.state === 'failed'
}
