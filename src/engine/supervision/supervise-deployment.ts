import { coolDownEnd } from '../../domain/cool-down.ts'
import { isFinal } from '../../domain/deployment.ts'
import { activeDeployment, rollbackTarget } from '../../domain/deployment-history.ts'
import { ringDeed } from '../../domain/effect.ts'
import type { Ring } from '../../domain/ring.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import { durationMs, type EpochMs, epochMs } from '../../domain/units.ts'
import { artifactName } from '../../domain/version.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import type { WorkflowRun } from '../../ports/workflow-runs.ts'
import { sayDuration } from '../../text/duration.ts'
import { sayInstant } from '../../text/instant.ts'
import { alertOnce } from '../control/alert.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { endDeployment } from '../control/end-deployment.ts'
import { moveDeployment, sayDeployment } from '../control/move-deployment.ts'
import { rememberPolicy, ringOf } from '../control/read-policy.ts'
import { restore } from '../rollbacks/request-rollback.ts'

/** How long a deployment may wait for a run to take it up. */
const startWithin = durationMs(15 * 60_000)
/** After GitHub says that a run is over, its last report may still be under way. */
const grace = durationMs(20_000)
/** A restoration is tried this often by itself; then people have to look. */
const restoreAttempts = 5

/** A deployment under way, with what GitHub says of its run. */
interface Supervised {
  readonly ring: RingRecord
  readonly deployment: RingDeployment
  /** Absent: it has none, or GitHub knows it no more. */
  readonly run: WorkflowRun | undefined
  readonly policy: Ring
}

/**
 * Looks whether a deployment that has not come to its end still gets there: a run that vanished is noticed and its deployment ended, what
 * it displaced is put back by a run of its own, a slow rollout is told once. Every deployment reaches a final state.
 */
export async function superviseDeployment(
  ports: ControlPorts,
  watched: { readonly tenant: number; readonly deployment: number },
): Promise<void> {
  const seen = await ports.store.transaction(watched, tx => tx.deployments.read(watched.deployment))
  if (seen === undefined || isOver(seen)) return
  const { github, ringFile } = await rememberPolicy(ports, seen.key)
  const policy = ringOf(ringFile, seen.key).ring
  const run = seen.runId === undefined ? undefined : await github.runs.read(seen.runId)
  await ports.store.transaction(watched, async tx => {
    const ring = await tx.rings.lock(seen.key, policy.environment)
    const deployment = await tx.deployments.read(seen.id)
    if (deployment === undefined || isOver(deployment) || deployment.runId !== seen.runId) return
    await supervise(ports, tx, { ring, deployment, run, policy })
  })
}

function isOver({ state }: RingDeployment): boolean {
  return isFinal(state) || state === 'active'
}

async function supervise(ports: ControlPorts, tx: ControlTransaction, supervised: Supervised): Promise<void> {
  const { deployment, run, policy } = supervised
  if (isAtWork(tx.now, supervised)) {
    const slowAt = epochMs(deployment.createdAt + policy.alerts.slow)
    const deadline = epochMs(deployment.createdAt + policy.maxDuration + startWithin)
    if (tx.now >= slowAt) await tellSlow(tx, deployment)
    if (tx.now >= deadline) await giveUpRun(tx, deployment)
    const next = [slowAt, deadline, epochMs(tx.now + startWithin)].filter(at => at > tx.now)
    await lookAgain(tx, deployment, epochMs(Math.min(...next)))
    return
  }
  if (run?.completed === true && tx.now < deployment.since + grace) {
    await lookAgain(tx, deployment, epochMs(deployment.since + grace))
    return
  }
  if (deployment.state === 'rolling_back') return await putBackAgain(ports, tx, supervised)
  if (deployment.state !== 'deploying') return await endLost(ports, tx, supervised)
  // One that told why it failed keeps its reason; one whose run said nothing has none.
  const told =
    deployment.reason === undefined || deployment.reason === 'rollback' ? await tellLost(tx, deployment) : deployment
  await putBackAgain(ports, tx, { ...supervised, deployment: told })
}

const lostWords = 'its run ended without saying how'

async function tellLost(tx: ControlTransaction, deployment: RingDeployment): Promise<RingDeployment> {
  const told: RingDeployment = { ...deployment, reason: 'run_vanished', words: lostWords }
  await tx.deployments.save(told)
  await sayDeployment(tx, told, 'errored')
  return told
}

/** Whether its run may still bring it on. */
function isAtWork(now: EpochMs, { deployment, run }: Supervised): boolean {
  if (deployment.runId === undefined) return now < deployment.createdAt + startWithin
  return run !== undefined && !run.completed
}

/** Its run ended without saying how, or none ever took it up. */
async function endLost(ports: ControlPorts, tx: ControlTransaction, supervised: Supervised): Promise<void> {
  const { deployment } = supervised
  const words = deployment.runId === undefined ? 'no run took it up' : lostWords
  const step = { reason: 'run_vanished', words, kind: 'errored' } as const
  if (deployment.state === 'validating') {
    const bad = await moveDeployment(tx, deployment, { event: 'validation_failed', ...step })
    return await putBackAgain(ports, tx, { ...supervised, deployment: bad })
  }
  await endDeployment(tx, deployment, step)
}

/** What it displaced on the target is brought back by a run of its own, as a deployment of its own. */
async function putBackAgain(ports: ControlPorts, tx: ControlTransaction, supervised: Supervised): Promise<void> {
  const { ring, deployment } = supervised
  const history = await tx.deployments.history(ring.key)
  if (deployment.task === 'rollback') return await endRestoration(tx, deployment)
  if (history.some(record => record.task === 'rollback' && !isOver(record))) return
  const attempts = history.filter(record => record.ends === deployment.id).length
  const target = deployment.activatedAt === undefined ? activeDeployment(history) : rollbackTarget(history, deployment)
  const full = history.find(record => record.id === target?.id)
  if (full === undefined) return await endWithoutTarget(tx, deployment)
  if (attempts >= restoreAttempts) return await giveUpRestoring(tx, deployment, attempts)
  // A candidate that was lost half placed is put back at once: what the ring points to stays the same.
  const isActive = deployment.activatedAt !== undefined
  if (isActive && attempts === 0 && (await isHeld(tx, supervised, history))) return
  await restore(tx, {
    ring,
    id: ports.newId(),
    by: ports.self,
    source: { kind: 'automatic', after: attempts === 0 ? 'lost_run' : 'failed_restore' },
    reason: deployment.words,
    target: full,
    ends: deployment.id,
  })
}

/** A ring is not rolled back by itself again before it has cooled down: people are told, and then it is looked at again. */
async function isHeld(
  tx: ControlTransaction,
  { deployment, policy }: Supervised,
  history: readonly RingDeployment[],
): Promise<boolean> {
  const { coolDown } = policy
  const promotions = await tx.promotions.find({ ...deployment.key, limit: 100 })
  const until = coolDownEnd({ deployment: deployment.id, history, promotions, coolDown })
  if (until === undefined || until <= tx.now) return false
  const words = `${deployment.words}; the ring was rolled back by itself a moment ago, and is left alone until ${sayInstant(until)}`
  await alertOnce(tx, deployment, { type: 'rollback_held', words })
  await lookAgain(tx, deployment, until)
  return true
}

/** The run of a restoration was lost: it ends, and what it was to replace is tried again. */
async function endRestoration(tx: ControlTransaction, deployment: RingDeployment): Promise<void> {
  const step = { reason: 'run_vanished', words: lostWords, kind: 'errored' } as const
  await endDeployment(tx, deployment, step)
}

async function endWithoutTarget(tx: ControlTransaction, deployment: RingDeployment): Promise<void> {
  const { reason, words } = deployment
  await endDeployment(tx, deployment, { reason, words: `${words}; nothing ran here before` })
}

async function giveUpRestoring(tx: ControlTransaction, deployment: RingDeployment, attempts: number): Promise<void> {
  const words = `restoring failed ${attempts} times; it is not tried again by itself`
  await alertOnce(tx, deployment, { type: 'restore_given_up', words })
}

async function tellSlow(tx: ControlTransaction, deployment: RingDeployment): Promise<void> {
  const { state, createdAt } = deployment
  const words = `${artifactName(deployment)} has been on its way for ${sayDuration(tx.now - createdAt)} and is ${state}`
  await alertOnce(tx, deployment, { type: 'slow_rollout', words })
}

async function giveUpRun(tx: ControlTransaction, { key, runId }: RingDeployment): Promise<void> {
  if (runId !== undefined) await tx.effects.want([ringDeed(key, { kind: 'cancel_run', run: runId })])
}

async function lookAgain(tx: ControlTransaction, { key, id }: RingDeployment, at: EpochMs): Promise<void> {
  await tx.queue.send({ kind: 'supervise', tenant: key.tenant, deployment: id }, at)
}
