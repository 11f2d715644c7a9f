import { ringSubject } from '../../domain/audit/audit-subject.ts'
import type { RollbackCommand } from '../../domain/command/command.ts'
import { namedArtifactName } from '../../domain/command/named-artifact.ts'
import { resolveRing } from '../../domain/command/resolve-ring.ts'
import { artifactName } from '../../domain/version.ts'
import { findArtifact } from '../control/find-artifact.ts'
import { requestRollback } from '../rollbacks/request-rollback.ts'
import {
  type CommandContext,
  expectAllowed,
  keyOf,
  lockRing,
  type ReadyCommand,
  unlessRefused,
} from './command-context.ts'

/** `/rollback`: brings back what was active and healthy before. It needs no approval, and no freeze and no lock stands in its way. */
export function rollbackCommand(context: CommandContext, command: RollbackCommand): ReadyCommand {
  const resolved = unlessRefused(resolveRing(context.policy.ringFile, command.ring))
  expectAllowed(context, { command }, resolved)
  return async tx => {
    const ring = await lockRing(tx, context, resolved)
    const to = command.to === undefined ? undefined : await findArtifact(tx, ring.key, namedArtifactName(command.to))
    const promotion = await requestRollback(tx, {
      ring,
      id: context.ports.newId(),
      by: context.person,
      source: context.source,
      reason: command.reason,
      to,
      because: command.quarantine ? 'quarantined' : 'rolled_back_by_person',
    })
    await tx.audit.append({
      actor: context.person,
      cause: context.cause,
      action: 'rollback.requested',
      subject: ringSubject(keyOf(context, resolved)),
      before: ring.pointer.deployment ?? null,
      after: { promotion: promotion.id, digest: promotion.candidate.digest, quarantine: command.quarantine },
    })
    const kept = command.quarantine ? ' The version that goes is in quarantine.' : ''
    return {
      promotion: promotion.id,
      words: `${resolved.ring.name} goes back to ${artifactName(promotion.candidate)}. Nothing enters it by itself until somebody promotes into it.${kept}`,
    }
  }
}
