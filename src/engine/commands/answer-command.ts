import type { AnswerCommand } from '../../domain/command/command.ts'
import { resolveRing, resolveWaiting } from '../../domain/command/resolve-ring.ts'
import { isWaiting, type Promotion } from '../../domain/promotion.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { artifactName } from '../../domain/version.ts'
import { keepAnswer } from '../promotions/keep-answer.ts'
import { type CommandContext, expectAllowed, keyOf, type ReadyCommand, unlessRefused } from './command-context.ts'

/**
 * `/approve` and `/reject`: an answer to the promotion that waits, bound to its candidate, its ring, what it would replace and the rules as
 * they are. Everything else that is promoted later needs another answer.
 */
export async function answerCommand(context: CommandContext, command: AnswerCommand): Promise<ReadyCommand> {
  const { ports, policy, repository } = context
  const open = await ports.store.transaction(context, tx => tx.promotions.find({ repository, open: true, limit: 500 }))
  const waiting = meantBy(
    command,
    open.filter(({ state, task }) => isWaiting(state) && task === 'deploy'),
  )
  const { one } = unlessRefused(
    resolveWaiting(
      waiting.map(promotion => ({ ...promotion.key, promotion })),
      command.ring,
    ),
  )
  const resolved = unlessRefused(resolveRing(policy.ringFile, one))
  expectAllowed(context, { command }, resolved)
  const rule = resolved.ring.gates.approvals
  if (rule === undefined) throw nobodyAsks(resolved.ring.name)
  const answer = command.kind === 'approve' ? 'approved' : 'rejected'
  return async tx => {
    const ring = await tx.rings.lock(keyOf(context, resolved), resolved.ring.environment)
    const promotion = await tx.promotions.read(one.promotion.id)
    if (promotion === undefined || !isWaiting(promotion.state)) throw tooLate(one.promotion, promotion)
    const { person, actor, cause } = context
    const { reason } = command
    const given = { ring, policy: resolved.ring, promotion, person, teams: actor.teams, answer, cause, reason } as const
    const active = await keepAnswer(ports, tx, { ...given, via: 'ringway' })
    const over = active === undefined ? 'into an empty ring' : `over ${artifactName(active)}`
    return {
      promotion: promotion.id,
      words: `@${person.login} ${answer} ${artifactName(promotion.candidate)} for ${resolved.ring.name}, ${over}.`,
    }
  }
}

/** Where a promotion is named, an answer is for it alone: what waits there by now was not seen by whoever answers. */
function meantBy({ promotion }: AnswerCommand, waiting: readonly Promotion[]): readonly Promotion[] {
  if (promotion === undefined) return waiting
  const meant = waiting.filter(({ id }) => id === promotion)
  if (meant.length > 0) return meant
  throw new RingwayError({
    code: 'binding_stale',
    message: `Promotion ${promotion} waits for no answer, or no longer.`,
    remedy: 'Look at what waits now, and answer that.',
  })
}

function nobodyAsks(ring: string): RingwayError {
  return new RingwayError({
    code: 'nothing_waiting',
    message: `${ring} asks for no approvals.`,
    remedy: 'Comment `/status` to see what its promotion waits for.',
  })
}

function tooLate(seen: Promotion, now: Promotion | undefined): RingwayError {
  return new RingwayError({
    code: 'binding_stale',
    message: `${artifactName(seen.candidate)} waits no more: it is ${now?.state ?? 'gone'}.`,
    remedy: 'Look at `/status`, and answer what waits now.',
  })
}
