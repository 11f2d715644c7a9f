import type { AuditEntry } from '../../domain/audit/audit-entry.ts'
import { ringSubject } from '../../domain/audit/audit-subject.ts'
import { show } from '../../domain/effect.ts'
import type { Approval } from '../../domain/gates/approvals-gate.ts'
import type { Person, Promotion } from '../../domain/promotion.ts'
import type { Ring } from '../../domain/ring.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { bindingOf } from './gate-facts.ts'

/** A yes or a no to a promotion that waits. */
export interface GivenAnswer extends Pick<Approval, 'answer' | 'via' | 'teams'> {
  /** Locked by this transaction. */
  readonly ring: RingRecord
  readonly policy: Ring
  readonly promotion: Promotion
  readonly person: Person
  readonly cause: AuditEntry['cause']
  readonly reason?: string | undefined
}

/**
 * Keeps an answer, bound to the candidate, the ring, what it would replace and the rules as they are, and has the ring looked at.
 *
 * @returns what the ring points to
 */
export async function keepAnswer(
  ports: Pick<ControlPorts, 'sha256'>,
  tx: ControlTransaction,
  { ring, policy, promotion, person, teams, answer, via, cause, reason }: GivenAnswer,
): Promise<RingDeployment | undefined> {
  const { key } = ring
  const active = await tx.deployments.read(ring.pointer.deployment)
  const binding = bindingOf(ports, { promotion, policy, baseline: active?.digest })
  await tx.answers.put(promotion.id, { person, teams, answer, binding, at: tx.now, via })
  await tx.audit.append({
    actor: person,
    cause,
    action: `promotion.${answer}`,
    subject: ringSubject(key),
    before: null,
    after: { promotion: promotion.id, via, ...binding, baseline: binding.baseline ?? null, reason: reason ?? null },
  })
  await tx.effects.want([show(key, { kind: 'promotion', promotion: promotion.id })])
  await tx.queue.send({ kind: 'ring', key })
  return active
}
