import { isQuarantined } from '../domain/deployment-history.ts'
import type { PromotionView } from '../domain/promotion-view.ts'
import type { RingDeployment } from '../domain/ring-deployment.ts'
import { artifactName } from '../domain/version.ts'
import { codeSpan, escapeMarkdown, link, proseAsMarkdown } from './escape-markdown.ts'
import { heldGateList } from './gate-table.ts'
import { sayInstant } from './instant.ts'

/**
 * What happened to a promotion, why, and what to type next. The first words say how it stands: whoever is woken at night reads no further
 * than they must.
 */
export function promotionStory(view: PromotionView): string {
  const { promotion } = view
  if (promotion.task === 'rollback') return rollbackStory(view)
  switch (promotion.state) {
    case 'requested':
      return 'Its gates are being asked; this takes a few seconds.'
    case 'gated':
      return waitingStory(view)
    case 'authorised':
      return 'Every gate passed. It starts as soon as nothing else is on its way into the ring and a slot is free.'
    case 'dispatched':
    case 'done':
      return view.deployment === undefined ? 'It is on its way.' : deploymentStory(view, view.deployment)
    case 'refused':
      return refusedStory(view)
    case 'superseded':
      return supersededStory(view)
    case 'expired':
      return expiredStory(view)
  }
}

function waitingStory({ promotion, ringName, approvals, approvers }: PromotionView): string {
  const end = `If nothing lets it in, it expires at ${sayInstant(promotion.expiresAt)}. To turn it away: ${codeSpan(`/reject ${ringName}`)}`
  const asks = promotion.verdicts.some(({ gate, verdict }) => gate === 'approvals' && verdict === 'wait')
  const who = approvals !== undefined && asks ? [whoApproves({ ringName, approvals, approvers })] : []
  return ['**It waits** for:', heldGateList(promotion.verdicts), ...who, end].join('\n\n')
}

function whoApproves({
  ringName,
  approvals,
  approvers,
}: { readonly approvals: NonNullable<PromotionView['approvals']> } & Pick<PromotionView, 'ringName' | 'approvers'>) {
  const not = [approvals.self ? [] : ['who asked for it'], approvals.authors ? [] : ['who wrote its commits']].flat()
  const except = not.length === 0 ? '' : `, but not by ${not.join(' or ')}`
  const by = approvers.map(escapeMarkdown).join(', ')
  return `**It can be approved** by ${by}${except}: press *Approve*, or type ${codeSpan(`/approve ${ringName}`)}`
}

function refusedStory({ promotion, ringName }: PromotionView): string {
  const { end, verdicts } = promotion
  const failed = heldGateList(verdicts.filter(({ verdict }) => verdict === 'fail'))
  const why = failed === '' ? proseAsMarkdown(`${end?.words ?? 'It was turned away'}.`) : failed
  const head = `**It was refused**${reasonOf(end?.reason)}; nothing was changed.`
  return [head, why, `To ask again: ${codeSpan(`/retry ${ringName}`)}`].join('\n\n')
}

function expiredStory({ promotion, ringName }: PromotionView): string {
  const head = `**It expired** at ${sayInstant(promotion.expiresAt)}: nothing let it in, and nothing was changed.`
  const held = heldGateList(promotion.verdicts)
  const waited = held === '' ? [] : [`It still waited for:\n\n${held}`]
  return [head, ...waited, `To ask again: ${codeSpan(`/retry ${ringName}`)}`].join('\n\n')
}

function supersededStory({ promotion, successor, ringName }: PromotionView): string {
  const head = `**It gave way**: ${proseAsMarkdown(`${promotion.end?.words ?? 'a newer one was requested'}.`)}`
  if (successor === undefined) return head
  const old = artifactName(promotion.candidate)
  const next = artifactName(successor.promotion.candidate)
  const again = codeSpan(`/promote ${ringName} ${old}`)
  const rest =
    successor.contains === true
      ? `Every commit of ${old} is in ${next} too: nothing is lost.`
      : successor.contains === false
        ? `**${next} does not contain it**: some commits of ${old} are not in ${next}. If they should run, type ${again} once ${next} is through.`
        : `Whether ${next} contains it could not be read from GitHub. If not, type ${again} once ${next} is through.`
  return `${head}\n\n${rest}`
}

function deploymentStory(view: PromotionView, deployment: RingDeployment): string {
  const { ringName } = view
  const since = sayInstant(deployment.since)
  switch (deployment.state) {
    case 'queued':
    case 'building':
    case 'deploying':
    case 'validating':
      return `**It is on its way** since ${sayInstant(deployment.createdAt)}. ${runLink(view)}`.trim()
    case 'active':
      return `**It became active** at ${since}${address(deployment)}. To go back: ${codeSpan(`/rollback ${ringName}`)}`
    case 'superseded':
      return `It was active from ${sayInstant(deployment.activatedAt ?? deployment.since)} to ${since}, and gave way${tail(deployment, ' ')}`
    case 'failed':
      return [
        `**It failed**${reasonOf(deployment.reason)} at ${since}${tail(deployment)} ${stays(view)}`,
        `${runLink(view)} To try again: ${codeSpan(`/retry ${ringName}`)}`.trim(),
      ].join('\n\n')
    case 'rolling_back':
      return `**It is being rolled back**${reasonOf(deployment.reason)} since ${since}${tail(deployment)} ${runLink(view)}`.trim()
    case 'rolled_back':
      return rolledBackStory(view, deployment)
  }
}

function rolledBackStory(view: PromotionView, deployment: RingDeployment): string {
  const { ringName } = view
  const ran =
    deployment.activatedAt === undefined
      ? 'It never became active.'
      : `It had been active since ${sayInstant(deployment.activatedAt)}.`
  const name = artifactName(deployment)
  const kept = isQuarantined([deployment], deployment.digest)
    ? `It is kept out of this ring and of later ones. Fix it and push; or, if it was not to blame, let it in again: ${codeSpan(`/unquarantine ${name}`)}`
    : `To try it again: ${codeSpan(`/promote ${ringName} ${name}`)}`
  return [
    `**It was rolled back**${reasonOf(deployment.reason)} at ${sayInstant(deployment.since)}${tail(deployment)} ${ran} ${stays(view)}`,
    `${runLink(view)} ${kept}`.trim(),
  ].join('\n\n')
}

function rollbackStory(view: PromotionView): string {
  const { deployment, ringName, before } = view
  const ring = escapeMarkdown(view.promotion.key.ring)
  const to = artifactName(view.promotion.candidate)
  if (deployment === undefined) return `**${ring} goes back to ${to}.** A rollback passes no gates.`
  const from = before === undefined ? '' : ` from ${artifactName(before)}`
  const since = sayInstant(deployment.since)
  switch (deployment.state) {
    case 'active':
      return `**${ring} went back${from} to ${to}** at ${since}${address(deployment)}. No version enters by itself until somebody promotes: ${codeSpan(`/promote ${ringName} <version>`)}`
    case 'failed':
    case 'rolled_back':
      return [
        `**${to} could not be brought back**${reasonOf(deployment.reason)}; it ended at ${since}${tail(deployment)} ${stays(view)}`,
        `${runLink(view)} It is tried again by itself a few times. To try at once: ${codeSpan(`/rollback ${ringName}`)}, or with another version ${codeSpan(`/rollback ${ringName} to <version>`)}`.trim(),
      ].join('\n\n')
    case 'superseded':
      return deploymentStory(view, deployment)
    case 'queued':
    case 'building':
    case 'deploying':
    case 'validating':
    case 'rolling_back':
      return `**${ring} goes back${from} to ${to}**, since ${sayInstant(deployment.createdAt)}. ${runLink(view)}`.trim()
  }
}

/** What runs in the ring now, where that is the question. */
function stays({ active, deployment, promotion }: PromotionView): string {
  const ring = escapeMarkdown(promotion.key.ring)
  if (active === undefined) return `${ring} points to nothing.`
  if (active.id === deployment?.id) return `${ring} still points to it.`
  const how = active.state === 'active' ? '' : `, which is ${words(active.state)}`
  return `${ring} points to **${artifactName(active)}**${how}.`
}

/** `: what its newest status says.` */
function tail(deployment: RingDeployment, before = ': '): string {
  return deployment.words === '' ? '.' : `${before}${proseAsMarkdown(deployment.words)}.`
}

function address({ url }: RingDeployment): string {
  return url === undefined ? '' : `; it answers at ${link(url, url)}`
}

function runLink({ runUrl }: PromotionView): string {
  return runUrl === undefined ? '' : `${link("Its run's log", runUrl)} has the details.`
}

function reasonOf(reason: string | undefined): string {
  return reason === undefined || reason === 'ok' ? '' : ` (${codeSpan(reason)})`
}

function words(state: string): string {
  return state.replaceAll('_', ' ')
}
