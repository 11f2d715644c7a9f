import { mayDo } from '../../domain/policy/may-do.ts'
import { ringGrants } from '../../domain/policy/ring-grants.ts'
import { isWaiting, type Person } from '../../domain/promotion.ts'
import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import { findRing } from '../../domain/ring-order.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { readActor } from '../control/read-actor.ts'
import { readPolicy } from '../control/read-policy.ts'
import { keepAnswer } from '../promotions/keep-answer.ts'

/** Somebody's review of a GitHub Environment that a run's job waits for. */
export interface EnvironmentAnswer extends RepositoryKey {
  readonly run: number
  readonly environment: string
  readonly person: Person
  readonly answer: 'approved' | 'rejected'
  /** The id of its delivery. */
  readonly delivery: string
}

/** Takes a review of the environment as an answer to the promotion that the run carries, as far as its ring counts those. */
export async function takeReview(ports: ControlPorts, review: EnvironmentAnswer): Promise<void> {
  const { tenant, repository, person, run } = review
  const { github, ringFile } = await readPolicy(ports, review)
  const place = findRing(ringFile, review.environment)
  const rule = place?.ring.gates.approvals
  if (place === undefined || rule === undefined) return
  const grants = ringGrants(place.solution, place.ring, ringFile.allowedBots)
  const actor = await readActor(github, person, { grants: [grants], approvers: rule.from })
  // Who may review an environment on GitHub may still not approve for this ring.
  if (!mayDo(actor, 'approve', grants).allowed) return
  const key: RingKey = { tenant, repository, solution: place.solution.name, ring: place.ring.name }
  await ports.store.transaction(key, async tx => {
    const ring = await tx.rings.lock(key, place.ring.environment)
    const promotion = (await tx.promotions.open(key)).find(one => one.run === run && isWaiting(one.state))
    if (promotion === undefined) return
    const { answer, delivery } = review
    const cause = { kind: 'delivery', id: delivery } as const
    await keepAnswer(ports, tx, {
      ring,
      policy: place.ring,
      promotion,
      person,
      teams: actor.teams,
      answer,
      via: 'github',
      cause,
    })
  })
}
