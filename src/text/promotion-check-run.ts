import type { DeploymentState } from '../domain/deployment.ts'
import { isWaiting, type Promotion } from '../domain/promotion.ts'
import type { PromotionView } from '../domain/promotion-view.ts'
import { artifactName } from '../domain/version.ts'
import { codeBlock, escapeMarkdown, proseAsMarkdown } from './escape-markdown.ts'
import { gateTable } from './gate-table.ts'
import { sayInstant } from './instant.ts'
import { markdownTable } from './table.ts'

/** A button, as a command's button is written. */
export interface Button {
  readonly label: string
  readonly description: string
  readonly identifier: string
}

/** What a promotion's check run says. */
export interface PromotionCheckRun {
  readonly name: string
  /** GitHub shows buttons on completed check runs only: what waits for people is completed as `action_required`. */
  readonly state: 'queued' | 'in_progress' | 'action_required' | 'success' | 'failure' | 'neutral'
  readonly title: string
  /** Markdown. */
  readonly summary: string
  /** Markdown. */
  readonly text: string
}

const stateOf: Readonly<Record<Promotion['state'], PromotionCheckRun['state']>> = {
  requested: 'queued',
  gated: 'action_required',
  authorised: 'in_progress',
  dispatched: 'in_progress',
  done: 'success',
  refused: 'failure',
  superseded: 'neutral',
  expired: 'neutral',
}

/** The check run of a promotion: where it stands, a row per gate, what ships, and how to go back. */
export function promotionCheckRun(view: PromotionView): PromotionCheckRun {
  const { promotion, deployment } = view
  const { solution, ring } = promotion.key
  return {
    name: `ringway/${solution}/${ring}`,
    state: promotion.state === 'done' && deployment?.state !== 'active' ? 'failure' : stateOf[promotion.state],
    title: titleOf(view),
    summary: [headline(view), whoAsked(promotion), endWords(promotion)].filter(part => part !== '').join('\n\n'),
    text: [gatesPart(view), checksPart(view), shippedPart(view), changesPart(view), rollbackPart(view)]
      .filter(part => part !== '')
      .join('\n\n'),
  }
}

function titleOf({ promotion, deployment }: PromotionView): string {
  const name = artifactName(promotion.candidate)
  if (deployment !== undefined) return `${name}: ${stateWords(deployment.state)}`
  const reason = promotion.verdicts
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ gate }) => gate.replaceAll('_', ' '))
  if (promotion.state === 'gated') return `${name} waits: ${reason.join(', ')}`
  return `${name}: ${promotion.state}`
}

function headline({ promotion, active }: PromotionView): string {
  const what = promotion.task === 'rollback' ? 'back into' : 'into'
  const over = active === undefined ? 'nothing runs there yet' : `over ${artifactName(active)}`
  return `**${artifactName(promotion.candidate)}** ${what} **${escapeMarkdown(promotion.key.ring)}** of ${escapeMarkdown(promotion.key.solution)}, ${over}.`
}

function whoAsked({ requestedBy, reason, hotfix, override, source }: Promotion): string {
  const why = reason === undefined ? '' : `: ${escapeMarkdown(reason)}`
  const by =
    source.kind === 'automatic' ? 'It moves on by itself' : `Asked for by ${escapeMarkdown(`@${requestedBy.login}`)}`
  const hot = hotfix ? ' It is a hotfix.' : ''
  const skip =
    override === undefined
      ? ''
      : ` ${escapeMarkdown(`@${override.by.login}`)} passed over the order of the rings: ${escapeMarkdown(override.reason)}.`
  return `${by}${why}.${hot}${skip}`
}

function endWords({ state, end }: Promotion): string {
  if (end === undefined || state === 'dispatched' || state === 'done') return ''
  return proseAsMarkdown(`${state}: ${end.words}.`)
}

function gatesPart({ promotion, approvals, answers }: PromotionView): string {
  if (promotion.verdicts.length === 0) return ''
  const who =
    approvals === undefined || !isWaiting(promotion.state)
      ? ''
      : `\n\n${approvals.count} of ${approvals.from.length === 0 ? 'those who may approve' : escapeMarkdown(approvals.from.join(', '))} must approve${answers.length === 0 ? '' : `; answered: ${answers.map(answer => `${escapeMarkdown(`@${answer.person.login}`)} ${answer.answer}`).join(', ')}`}.`
  return `### Gates\n\n${gateTable(promotion.verdicts)}${who}`
}

function checksPart({ deployment }: PromotionView): string {
  if (deployment === undefined) return ''
  const words = `${stateWords(deployment.state)}${deployment.words === '' ? '' : `: ${deployment.words}`}`
  const checks = deployment.checks.map(check => [check.kind, proseAsMarkdown(check.words), String(check.attempts)])
  const table = checks.length === 0 ? '' : `\n\n${markdownTable(['Check', 'Found', 'Attempts'], checks)}`
  const url = deployment.url === undefined ? '' : `\n\nIt answers at ${escapeMarkdown(deployment.url)}`
  return `### Deployment ${deployment.id}\n\n${proseAsMarkdown(words)} (${sayInstant(deployment.since)})${table}${url}`
}

function shippedPart({ shipped }: PromotionView): string {
  if (shipped === undefined || shipped.count === 0) return ''
  const pulls = shipped.pulls.map(({ number, title }) => `- #${number} ${escapeMarkdown(title)}`)
  const commits = shipped.commits.map(
    ({ commit, subject, author }) =>
      `- ${commit.slice(0, 10)} ${escapeMarkdown(subject)}${author === undefined ? '' : ` (${escapeMarkdown(author)})`}`,
  )
  const more = shipped.count - shipped.commits.length
  const rest = more > 0 ? [`- and ${more} more`] : []
  return `### What ships\n\n${[...pulls, ...commits, ...rest].join('\n')}`
}

function changesPart({ changes }: PromotionView): string {
  return changes.length === 0 ? '' : `### What changes\n\n${codeBlock(changes.join('\n'), 'diff')}`
}

function rollbackPart({ rollback, active }: PromotionView): string {
  if (rollback === undefined || rollback.kind === 'no_target') {
    return '### Rollback\n\nThere is nothing to go back to yet.'
  }
  if (rollback.kind === 'unknown') {
    return `### Rollback\n\nIt would go back to ${rollback.target}; ${proseAsMarkdown(rollback.words)}.`
  }
  const ready = rollback.artifact === 'equal' && rollback.configuration && rollback.missingSecrets.length === 0
  const how = ready ? 'ready: its artifact and its configuration were looked at' : 'not ready; the gate says why'
  return `### Rollback\n\nIt would go back to ${rollback.target}${active === undefined ? '' : `, active since ${sayInstant(active.activatedAt ?? active.since)}`}: ${how}.`
}

function stateWords(state: DeploymentState): string {
  return state.replaceAll('_', ' ')
}
