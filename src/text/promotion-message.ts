import { fillMessage, type MessageMoment } from '../domain/message-template.ts'
import { isWaiting, type Promotion } from '../domain/promotion.ts'
import type { RingDeployment } from '../domain/ring-deployment.ts'
import type { RingFile } from '../domain/solution.ts'
import { artifactName } from '../domain/version.ts'
import { escapeMarkdown, safeUrl } from './escape-markdown.ts'

/** A promotion of which the ring file may speak in words of its own. */
export interface MessageFacts {
  readonly promotion: Promotion
  readonly deployment: RingDeployment | undefined
  /** What the ring pointed to before. */
  readonly before: Pick<RingDeployment, 'version' | 'digest'> | undefined
  readonly environment: string
  readonly runUrl: string | undefined
}

/** When this is, of the moments that a message can be about; undefined: none. */
export function messageMoment({ promotion, deployment }: MessageFacts): MessageMoment | undefined {
  if (deployment !== undefined) {
    switch (deployment.state) {
      case 'active':
        return promotion.task === 'rollback' ? 'rolled-back' : 'deployed'
      case 'failed':
        return 'failed'
      case 'rolled_back':
        // A restoration that did not come about has brought nothing back.
        return promotion.task === 'rollback' ? 'failed' : 'rolled-back'
      default:
        return undefined
    }
  }
  if (promotion.state === 'refused') return 'refused'
  return isWaiting(promotion.state) && promotion.state !== 'requested' ? 'waiting' : undefined
}

/**
 * What the ring file says of a promotion, as Markdown; undefined where it says nothing. The message is the repository's; what it is filled
 * with comes from strangers and stays inert.
 */
export function promotionMessage(messages: RingFile['messages'], facts: MessageFacts): string | undefined {
  const moment = messageMoment(facts)
  const template = moment === undefined ? undefined : messages[moment]
  if (template === undefined) return undefined
  const { promotion, deployment, before, environment, runUrl } = facts
  const words = deployment === undefined ? promotion.end?.words : deployment.words
  const url = (text: string | undefined): string => (text === undefined ? '' : (safeUrl(text) ?? escapeMarkdown(text)))
  return fillMessage(template, {
    solution: escapeMarkdown(promotion.key.solution),
    ring: escapeMarkdown(promotion.key.ring),
    environment: escapeMarkdown(environment),
    version: artifactName(promotion.candidate),
    digest: promotion.candidate.digest,
    commit: promotion.candidate.commit,
    previous: before === undefined ? '' : artifactName(before),
    state: (deployment?.state ?? promotion.state).replaceAll('_', ' '),
    url: url(deployment?.url),
    run: url(runUrl),
    actor: escapeMarkdown(promotion.requestedBy.login),
    reason: escapeMarkdown(promotion.reason ?? words ?? ''),
  })
}
