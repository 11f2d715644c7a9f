import { isFinal } from '../domain/deployment.ts'
import type { Promotion } from '../domain/promotion.ts'
import type { PromotionView } from '../domain/promotion-view.ts'
import type { RingDeployment } from '../domain/ring-deployment.ts'
import { artifactName } from '../domain/version.ts'
import { codeBlock, escapeMarkdown, proseAsMarkdown } from './escape-markdown.ts'
import { gateTable } from './gate-table.ts'
import { sayInstant } from './instant.ts'
import { inOwnVerbs } from './own-verbs.ts'
import { promotionStory } from './promotion-story.ts'
import { markdownTable } from './table.ts'

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

/** The check run of a promotion: where it stands and what to type next; then a row per gate, what ships, and how to go back. */
export function promotionCheckRun(view: PromotionView): PromotionCheckRun {
  const { solution, ring } = view.promotion.key
  return {
    name: `ringway/${solution}/${ring}`,
    state: stateFor(view),
    title: titleOf(view),
    summary: inOwnVerbs([headline(view), promotionStory(view), whoAsked(view.promotion)].join('\n\n'), view.verbs),
    text: inOwnVerbs(
      [gatesPart(view), checksPart(view), shippedPart(view), changesPart(view), rollbackPart(view)]
        .filter(part => part !== '')
        .join('\n\n'),
      view.verbs,
    ),
  }
}

/** What a newer version replaced had done its work: its check run does not turn red for it. */
function stateFor({ promotion, deployment }: PromotionView): PromotionCheckRun['state'] {
  if (promotion.state !== 'done' || deployment === undefined) return stateOf[promotion.state]
  return deployment.state === 'active' || deployment.state === 'superseded' ? 'success' : 'failure'
}

function titleOf({ promotion, deployment, successor, ringName }: PromotionView): string {
  const name = artifactName(promotion.candidate)
  if (deployment !== undefined) return deploymentTitle(promotion, deployment, ringName)
  const because = promotion.end === undefined ? '' : `: ${promotion.end.reason.replaceAll('_', ' ')}`
  switch (promotion.state) {
    case 'requested':
      return `${name}: its gates are being asked`
    case 'gated':
      return `${name} waits for ${heldGates(promotion)}`
    case 'authorised':
      return `${name}: every gate passed, it starts when there is room`
    case 'superseded':
      return successor === undefined
        ? `${name} gave way to a newer one`
        : `${name} gave way to ${artifactName(successor.promotion.candidate)}`
    case 'dispatched':
    case 'done':
      return `${name} is on its way`
    case 'refused':
      return `${name} was refused${because}`
    case 'expired':
      return `${name} expired: nothing let it in`
  }
}

/** The check run is not written at each step on the way: its words stay true until the end. */
function deploymentTitle({ task }: Promotion, { state, reason, ...rest }: RingDeployment, ring: string): string {
  const name = artifactName(rest)
  const because = reason === undefined || reason === 'ok' ? '' : `: ${reason.replaceAll('_', ' ')}`
  switch (state) {
    case 'queued':
    case 'building':
    case 'deploying':
    case 'validating':
      return task === 'rollback' ? `${ring} goes back to ${name}` : `${name} is on its way`
    case 'active':
    case 'superseded':
      return task === 'rollback' ? `${ring} went back to ${name}` : `${name} became active`
    case 'rolling_back':
      return task === 'rollback' ? `${name} could not be brought back` : `${name} is being rolled back${because}`
    case 'failed':
    case 'rolled_back':
      if (task === 'rollback') return `${name} could not be brought back`
      return `${name} ${state === 'failed' ? 'failed' : 'was rolled back'}${because}`
  }
}

function heldGates({ verdicts }: Promotion): string {
  const held = verdicts.filter(({ verdict }) => verdict !== 'pass').map(({ gate }) => gate.replaceAll('_', ' '))
  return held.length === 0 ? 'its turn' : held.join(', ')
}

function headline({ promotion, before }: PromotionView): string {
  const what = promotion.task === 'rollback' ? 'back into' : 'into'
  const over = before === undefined ? 'where nothing ran before' : `in place of ${artifactName(before)}`
  return `**${artifactName(promotion.candidate)}** ${what} **${escapeMarkdown(promotion.key.ring)}** of ${escapeMarkdown(promotion.key.solution)}, ${over}.`
}

const automatic = {
  build: 'It was sent in by itself when it was built.',
  ring_before: 'It moved on by itself from the ring before.',
  lost_run: 'It began by itself, because a run was lost.',
  failed_restore: 'It began by itself, because the attempt before failed.',
} as const

function whoAsked({ requestedBy, reason, hotfix, override, source }: Promotion): string {
  const by =
    source.kind === 'automatic' ? automatic[source.after] : `Asked for by ${escapeMarkdown(`@${requestedBy.login}`)}.`
  const why = reason === undefined ? '' : ` Why: ${escapeMarkdown(reason)}.`
  const hot = hotfix ? ' It is a hotfix: freezes that except hotfixes let it pass.' : ''
  const skip =
    override === undefined
      ? ''
      : ` ${escapeMarkdown(`@${override.by.login}`)} had it skip the order of the rings: ${escapeMarkdown(override.reason)}.`
  return `${by}${why}${hot}${skip}`
}

function gatesPart({ promotion, answers }: PromotionView): string {
  if (promotion.verdicts.length === 0) return ''
  const said = answers.map(
    ({ person, answer, at }) => `${escapeMarkdown(`@${person.login}`)} ${answer} it at ${sayInstant(at)}`,
  )
  return [`### Gates`, gateTable(promotion.verdicts), said.join('; ')].filter(part => part !== '').join('\n\n')
}

function checksPart({ deployment }: PromotionView): string {
  if (deployment === undefined || deployment.checks.length === 0) return ''
  const rows = deployment.checks.map(check => [
    check.kind === 'passed' ? check.kind : `**${check.kind}**`,
    proseAsMarkdown(check.words),
    String(check.attempts),
  ])
  const evidence = deployment.checks
    .filter(check => check.kind !== 'passed' && check.evidence !== '')
    .map(check => `What was said last (${proseAsMarkdown(check.words)}):\n\n${codeBlock(check.evidence)}`)
  const table = markdownTable(['Check', 'Found', 'Attempts'], rows)
  return ['### Checks', table, ...evidence].join('\n\n')
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

/** How to go back, while that is still a question: before it is active, what it would replace; afterwards, what it replaced. */
function rollbackPart({ promotion, deployment, rollback }: PromotionView): string {
  const isOver = deployment !== undefined && isFinal(deployment.state)
  if (promotion.task === 'rollback' || isOver || isPromotionOver(promotion)) return ''
  const head = '### Rollback'
  if (rollback === undefined) return ''
  if (rollback.kind === 'no_target') {
    return `${head}\n\nThere is nothing to go back to: nothing was active and healthy here before.`
  }
  const to = `It would go back to **${rollback.target}**`
  if (rollback.kind === 'unknown') return `${head}\n\n${to}. ${proseAsMarkdown(`${rollback.words}.`)}`
  const lacks = [
    rollback.artifact === 'equal' ? [] : ['its artifact is not what was published'],
    rollback.configuration ? [] : ['its configuration is not kept'],
    rollback.missingSecrets.length === 0 ? [] : [`secrets are missing: ${rollback.missingSecrets.join(', ')}`],
  ].flat()
  const how =
    lacks.length === 0
      ? 'its artifact and its configuration are there'
      : `**not ready**: ${escapeMarkdown(lacks.join('; '))}`
  return `${head}\n\n${to}: ${how}.`
}

function isPromotionOver({ state }: Promotion): boolean {
  return state === 'refused' || state === 'superseded' || state === 'expired'
}
