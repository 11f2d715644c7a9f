import { ringSubject } from '../../domain/audit/audit-subject.ts'
import type { Command } from '../../domain/command/command.ts'
import { resolveRing, resolveWaiting } from '../../domain/command/resolve-ring.ts'
import { isPromotionFinal, type Promotion } from '../../domain/promotion.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { artifactName } from '../../domain/version.ts'
import { findArtifact } from '../control/find-artifact.ts'
import { requestPromotion } from '../promotions/request-promotion.ts'
import {
  type CommandContext,
  expectAllowed,
  keyOf,
  lockRing,
  type ReadyCommand,
  unlessRefused,
} from './command-context.ts'

/** `/retry`: asks again for what was refused, expired or did not become active. The failed attempt stays in the history. */
export async function retryCommand(
  context: CommandContext,
  command: Extract<Command, { kind: 'retry' }>,
): Promise<ReadyCommand> {
  const { ports, policy, repository, pull } = context
  const recent = await ports.store.transaction(context, tx => tx.promotions.find({ repository, limit: 200 }))
  const { one } = unlessRefused(
    resolveWaiting(
      newestOfEachRing(recent)
        .filter(({ state, end, task }) => task === 'deploy' && isPromotionFinal(state) && end?.reason !== 'ok')
        .map(promotion => ({ ...promotion.key, promotion })),
      command.ring,
    ),
  )
  if (command.promotion !== undefined && command.promotion !== one.promotion.id) throw notTheNewest(one.promotion)
  const resolved = unlessRefused(resolveRing(policy.ringFile, one))
  expectAllowed(context, { command }, resolved)
  return async tx => {
    const ring = await lockRing(tx, context, resolved)
    const { candidate, reason, parameters, pullRequest } = one.promotion
    const artifact = await findArtifact(tx, ring.key, candidate.digest)
    const promotion = await requestPromotion(tx, {
      id: ports.newId(),
      ring,
      policy: resolved.ring,
      artifact,
      by: context.person,
      source: context.source,
      reason,
      parameters,
      pullRequest: pull?.number ?? pullRequest,
    })
    await tx.audit.append({
      actor: context.person,
      cause: context.cause,
      action: 'promotion.retried',
      subject: ringSubject(keyOf(context, resolved)),
      before: { promotion: one.promotion.id },
      after: { promotion: promotion.id },
    })
    return {
      promotion: promotion.id,
      words: `${artifactName(artifact)} is to enter ${resolved.ring.name} again; its gates are being asked.`,
    }
  }
}

function newestOfEachRing(promotions: readonly Promotion[]): readonly Promotion[] {
  const newest = new Map<string, Promotion>()
  for (const promotion of promotions) {
    const ring = `${promotion.key.solution}/${promotion.key.ring}`
    if (!newest.has(ring)) newest.set(ring, promotion)
  }
  return [...newest.values()]
}

function notTheNewest({ id, candidate, key }: Promotion): RingwayError {
  return new RingwayError({
    code: 'binding_stale',
    message: `The last promotion into ${key.ring} is ${id} of ${artifactName(candidate)}.`,
    remedy: 'Retry that one, or promote the version that you mean.',
  })
}
