import { type DeploymentState, isFinal } from '../../domain/deployment.ts'
import { quarantineGate } from '../../domain/gates/quarantine-gate.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { RunReport, RunVerdict } from '../../domain/run-protocol.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import { alertOnce } from '../control/alert.ts'
import { becomeActive, confirmPointer } from '../control/become-active.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { endDeployment } from '../control/end-deployment.ts'
import { moveDeployment, sayDeployment } from '../control/move-deployment.ts'
import { endFailed } from './end-failed.ts'
import type { RunCaller } from './run-caller.ts'

/** A report with what it is about. */
interface Taking {
  readonly ring: RingRecord
  readonly deployment: RingDeployment
  readonly report: RunReport
}

/**
 * Takes in what a run did or saw, and says what follows from it. The run reports facts; only here do states change and pointers move. A
 * report that was taken in before changes nothing.
 *
 * @throws {RingwayError} `unauthorised_run` when the deployment is not this run's
 */
export async function takeReport(ports: ControlPorts, caller: RunCaller, report: RunReport): Promise<RunVerdict> {
  return await ports.store.transaction({ tenant: caller.tenant }, async tx => {
    const seen = await tx.deployments.read(report.deployment)
    if (seen === undefined || seen.key.repository !== caller.repository || seen.runId !== caller.claims.runId) {
      throw notYours(report.deployment)
    }
    const known = await tx.rings.read(seen.key)
    const ring = await tx.rings.lock(seen.key, known?.environment ?? '')
    // Read again: another report, or a rollback, may have moved it before the ring was ours.
    const deployment = (await tx.deployments.read(seen.id)) ?? seen
    if (isFinal(deployment.state) || deployment.state === 'active') {
      return verdict(deployment, 'over', `it is ${deployment.state.replaceAll('_', ' ')}`)
    }
    return await take(tx, { ring, deployment: await keepFacts(tx, deployment, report), report })
  })
}

async function take(tx: ControlTransaction, taking: Taking): Promise<RunVerdict> {
  const { deployment, report } = taking
  switch (report.event) {
    case 'packaged':
      return await reach(tx, taking, { from: 'building', event: 'packaged' })
    case 'placed':
      return await reach(tx, taking, { from: 'deploying', event: 'placed' })
    case 'checked':
      return await lastLook(tx, taking)
    case 'activated':
      return await activate(tx, taking)
    case 'failed':
      return verdict(await fail(tx, deployment, report), 'stop', report.words)
    case 'put_back':
      return verdict(await endFailed(tx, deployment, report), 'over', report.words)
  }
}

async function reach(
  tx: ControlTransaction,
  { deployment, report }: Taking,
  step: { readonly from: DeploymentState; readonly event: 'packaged' | 'placed' },
): Promise<RunVerdict> {
  if (deployment.state === 'rolling_back') return verdict(deployment, 'stop', 'it is rolling back')
  if (deployment.state !== step.from) return verdict(deployment, 'go_on', 'known')
  const reason = deployment.task === 'rollback' ? 'rollback' : undefined
  const moved = await moveDeployment(tx, deployment, { event: step.event, reason, words: report.words })
  return verdict(moved, 'go_on', report.words)
}

/** Every check passed: whether it may become active is asked once more, because much may have happened since it was authorised. */
async function lastLook(tx: ControlTransaction, { ring, deployment }: Taking): Promise<RunVerdict> {
  if (deployment.state !== 'validating') return verdict(deployment, 'stop', `it is ${deployment.state}`)
  if (deployment.task === 'rollback') return verdict(deployment, 'go_on', 'a rollback passes no gates')
  try {
    confirmPointer(ring, deployment)
  } catch (error) {
    if (!(error instanceof RingwayError)) throw error
    const now = await tx.deployments.read(ring.pointer.deployment)
    const current = { artifact: now && { version: now.version, digest: now.digest } }
    return { ...verdict(deployment, 'stop', error.message), reason: error.code, current }
  }
  const history = await tx.deployments.history(ring.key, { digest: deployment.digest })
  const releases = (await tx.answers.releases(ring.key)).filter(one => one.ring === ring.key.ring)
  const quarantine = quarantineGate(deployment.digest, [{ ring: ring.key.ring, history }], releases)
  if (quarantine.verdict !== 'pass') {
    return { ...verdict(deployment, 'stop', quarantine.words), reason: quarantine.reason }
  }
  return verdict(deployment, 'go_on', 'every check passed')
}

async function activate(tx: ControlTransaction, taking: Taking): Promise<RunVerdict> {
  const { ring, deployment } = taking
  if (deployment.state !== 'validating') return verdict(deployment, 'stop', `it is ${deployment.state}`)
  const last = await lastLook(tx, taking)
  if (last.verdict !== 'go_on') return last
  const active = await becomeActive(tx, ring, deployment)
  return verdict(active, 'over', `${ring.key.ring} points to it`)
}

/** It cannot become active. What it displaced is put back by its run, which tells how that went. */
async function fail(tx: ControlTransaction, deployment: RingDeployment, report: RunReport): Promise<RingDeployment> {
  const { words, reason = 'internal_error', kind = 'failed' } = report
  const step = { words, reason, kind } as const
  if (deployment.state === 'queued' || deployment.state === 'building') {
    return await endDeployment(tx, deployment, step)
  }
  if (deployment.state === 'validating') {
    return await moveDeployment(tx, deployment, { event: 'validation_failed', ...step })
  }
  // Deploying, it ends when what it displaced is back; what is wrong with it is said at once.
  const told: RingDeployment = { ...deployment, reason, words }
  await tx.deployments.save(told)
  await sayDeployment(tx, told, kind)
  if (told.task === 'deploy') await alertOnce(tx, told, { type: 'deployment_failed', words })
  return told
}

/** What a report says besides its event is kept whatever becomes of it. */
async function keepFacts(
  tx: ControlTransaction,
  deployment: RingDeployment,
  report: RunReport,
): Promise<RingDeployment> {
  if (report.url === undefined && report.checks === undefined) return deployment
  const told = { ...deployment, url: report.url ?? deployment.url, checks: report.checks ?? deployment.checks }
  await tx.deployments.save(told)
  return told
}

function verdict({ state, reason }: RingDeployment, what: RunVerdict['verdict'], words: string): RunVerdict {
  return { state, verdict: what, reason: reason ?? 'ok', words }
}

function notYours(deployment: number): RingwayError {
  return new RingwayError({
    code: 'unauthorised_run',
    message: `Deployment ${deployment} is not the work of this run.`,
    remedy: 'Let the App start the run: promote with a comment, or start the workflow with the command rollback.',
  })
}
