import { isFinal } from '../../domain/deployment.ts'
import { ringDeed } from '../../domain/effect.ts'
import { evaluateGates, type GateDecision } from '../../domain/gates/evaluate-gates.ts'
import type { GateVerdict } from '../../domain/gates/gate-verdict.ts'
import type { Promotion } from '../../domain/promotion.ts'
import { decideRing, newestWaiting, type RingStep } from '../../domain/ring-decision.ts'
import { type RingKey, ringKeyText } from '../../domain/ring-key.ts'
import { durationMs, epochMs } from '../../domain/units.ts'
import { artifactName } from '../../domain/version.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import type { Lease } from '../../ports/leases.ts'
import type { ControlPorts, RepositoryOnGithub } from '../control/control-ports.ts'
import { advancePromotion, sayPromotion } from '../control/move-promotion.ts'
import { isCurrent, policyOf } from '../control/read-policy.ts'
import { workLease } from '../control/work-lease.ts'
import { gateFacts, needsNames } from './gate-facts.ts'
import { type OutsideFacts, readOutside } from './read-outside.ts'
import { startPromotion } from './start-promotion.ts'
import { turnAway } from './turn-away.ts'

/** Whoever holds the ring now may have read its facts before they changed. */
const patience = durationMs(5_000)

/**
 * Looks at a ring: asks the gates of the promotion that waits for it, and does what follows. Called whenever a fact may have changed, as
 * often as one likes: what is so already changes nothing.
 */
export async function advanceRing(ports: ControlPorts, key: RingKey): Promise<void> {
  const held = await ports.leases.hold({ name: `ring ${ringKeyText(key)}`, duration: workLease, patience }, held =>
    lookAtRing(ports, key, held),
  )
  if (held !== undefined) return
  // Whoever holds it may have read the facts before they changed.
  const { tenant } = key
  await ports.store.transaction({ tenant }, tx => tx.queue.send({ kind: 'ring', key }, epochMs(tx.now + 1_000)))
}

/**
 * By what was read in the last seconds a promotion goes on waiting: that is nearly always so, and of fifty that wait nobody reads the ring file fifty
 * times. What lets one in, or turns it away, is read now.
 */
async function lookAtRing(ports: ControlPorts, key: RingKey, held: Lease): Promise<void> {
  const remembered = await ports.remembered(key)
  const looked = await look(ports, key, { held, github: remembered.github, isCurrent: isCurrent(remembered) })
  if (looked === 'outdated') await look(ports, key, { held, github: await ports.github(key), isCurrent: true })
}

interface Look {
  readonly held: Lease
  readonly github: RepositoryOnGithub
  readonly isCurrent: boolean
}

async function look(
  ports: ControlPorts,
  key: RingKey,
  { held, github, isCurrent }: Look,
): Promise<'decided' | 'outdated'> {
  const { tenant } = key
  const seen = await ports.store.transaction({ tenant }, async tx => {
    const promotion = newestWaiting(await tx.promotions.open(key))
    const active = await tx.deployments.read((await tx.rings.read(key))?.pointer.deployment)
    if (promotion === undefined) return undefined
    const baseline = active && { digest: active.digest, commit: active.commit }
    return { promotion, baseline, needsNames: await needsNames(tx, promotion, active?.digest) }
  })
  if (seen === undefined) return 'decided'
  held.check()
  const outside = await readOutside(ports, await policyOf(ports, github), seen)
  held.check()
  return await ports.store.transaction({ tenant, lease: held }, async tx => {
    const ring = await tx.rings.lock(key, outside.place.ring.environment)
    return await decide(ports, tx, { ring, outside, isCurrent, asked: seen.promotion })
  })
}

interface Looking {
  readonly ring: RingRecord
  readonly outside: OutsideFacts
  readonly isCurrent: boolean
  /** The promotion that the outside was asked about. */
  readonly asked: Promotion
}

/** @returns `outdated` when nothing was done, because the outside was not read recently enough for it */
async function decide(ports: ControlPorts, tx: ControlTransaction, looking: Looking): Promise<'decided' | 'outdated'> {
  const { ring, asked } = looking
  const promotions = await tx.promotions.open(ring.key)
  const newest = newestWaiting(promotions)
  if (newest === undefined) return 'decided'
  // Another one came meanwhile; it has queued its own look.
  if (newest.id !== asked.id) return 'decided'
  const gates = await askGates(ports, tx, { ...looking, asked: newest })
  const decision = decideRing({ now: tx.now, promotions, gates, room: await hasRoom(tx, looking, newest) })
  if (!looking.isCurrent && !decision.steps.every(step => goesOnWaiting(looking, step))) return 'outdated'
  for (const step of decision.steps) await take(tx, looking, step)
  if (decision.wakeAt !== undefined) await tx.queue.send({ kind: 'ring', key: ring.key }, decision.wakeAt)
  return 'decided'
}

/** Whether a step lets nothing in, turns nothing away and starts no run because of what was read of the outside. */
function goesOnWaiting({ outside }: Looking, { kind, promotion }: RingStep): boolean {
  const startsRun = outside.hasRule && promotion.run === undefined
  return kind === 'supersede' || kind === 'expire' || (kind === 'hold' && !startsRun)
}

async function askGates(ports: ControlPorts, tx: ControlTransaction, looking: Looking): Promise<GateDecision> {
  const { ring, outside, asked } = looking
  const gates = evaluateGates(await gateFacts(ports, tx, { ring, outside, promotion: asked }))
  const { requester } = outside
  if (requester.allowed) return gates
  const { words, remedy } = requester
  const verdict = { gate: 'requester', verdict: 'fail', reason: 'actor_no_longer_allowed', words, remedy } as const
  return { decision: 'refuse', verdicts: [verdict, ...gates.verdicts] }
}

async function hasRoom(tx: ControlTransaction, { ring, outside }: Looking, promotion: Promotion): Promise<boolean> {
  // Where a rule holds its job, the job must have come to wait before it can be let through.
  if (outside.hasRule && promotion.waitingJob === undefined) return false
  const history = await tx.deployments.history(ring.key)
  const busy = history.some(record => record.state !== 'active' && !isFinal(record.state))
  return !busy && (await tx.deployments.slotsTaken(ring.key.repository)) < outside.ringFile.slots
}

async function take(tx: ControlTransaction, looking: Looking, step: RingStep): Promise<void> {
  const { promotion } = step
  switch (step.kind) {
    case 'supersede': {
      const words = `${artifactName(step.by.candidate)} was requested by @${step.by.requestedBy.login} while it was ${promotion.state}`
      const also = { supersededBy: step.by.id }
      await advancePromotion(tx, promotion, { event: 'overtaken', reason: 'superseded_by_newer', words, also })
      return await turnAway(tx, looking.ring, { promotion, words })
    }
    case 'expire': {
      const words = 'nobody let it in before it expired'
      await advancePromotion(tx, promotion, { event: 'expired', reason: 'promotion_expired', words })
      return await turnAway(tx, looking.ring, { promotion, words })
    }
    case 'refuse':
      return await refuse(tx, looking, { promotion, verdicts: step.verdicts })
    case 'hold':
      return await hold(tx, looking, { promotion, verdicts: step.verdicts })
    case 'authorise': {
      await authorise(tx, promotion, step.verdicts)
      return await callJob(tx, looking, promotion)
    }
    case 'start':
      return await start(tx, looking, promotion)
  }
}

interface Judged {
  readonly promotion: Promotion
  readonly verdicts: readonly GateVerdict[]
}

async function refuse(tx: ControlTransaction, looking: Looking, { promotion, verdicts }: Judged): Promise<void> {
  const failed = verdicts.filter(({ verdict }) => verdict === 'fail')
  const words = failed.map(gate => gate.words).join('; ')
  const reason = failed[0]?.reason ?? 'internal_error'
  await advancePromotion(tx, promotion, { event: 'refused', reason, words, also: { verdicts } })
  await turnAway(tx, looking.ring, { promotion, words })
}

async function hold(tx: ControlTransaction, looking: Looking, { promotion, verdicts }: Judged): Promise<void> {
  const holding = verdicts.filter(({ verdict }) => verdict !== 'pass')
  const reason = holding[0]?.reason ?? 'internal_error'
  const words = holding.map(gate => gate.words).join('; ')
  if (promotion.state !== 'gated') {
    await advancePromotion(tx, promotion, { event: 'held', reason, words, also: { verdicts } })
  } else if (promotion.end?.words !== words) {
    const told = { ...promotion, verdicts, end: { reason, words } }
    await tx.promotions.save(told)
    await sayPromotion(tx, told)
  }
  await callJob(tx, looking, promotion)
}

async function authorise(
  tx: ControlTransaction,
  promotion: Promotion,
  verdicts: readonly GateVerdict[],
): Promise<void> {
  if (promotion.state === 'authorised') return
  const words = 'every gate passed'
  await advancePromotion(tx, promotion, { event: 'passed', reason: 'ok', words, also: { verdicts } })
}

async function start(tx: ControlTransaction, { ring, outside }: Looking, { id }: Promotion): Promise<void> {
  const promotion = await tx.promotions.read(id)
  if (promotion === undefined) throw new TypeError(`promotion ${id} was just saved`)
  await startPromotion(tx, { ring, promotion, organisation: outside.organisation })
}

/** Where our rule holds the environment's jobs, the run is started at once: its job waits there, where people can review it. */
async function callJob(tx: ControlTransaction, { ring, outside }: Looking, promotion: Promotion): Promise<void> {
  if (!outside.hasRule || promotion.run !== undefined) return
  await tx.effects.want([ringDeed(ring.key, { kind: 'dispatch_run', promotion: promotion.id })])
}
