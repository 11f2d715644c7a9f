import type { VerbTable } from '../../domain/command/verbs.ts'
import { isFinal } from '../../domain/deployment.ts'
import { mayDo } from '../../domain/policy/may-do.ts'
import { ringGrants } from '../../domain/policy/ring-grants.ts'
import type { Promotion } from '../../domain/promotion.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import type { RingKey } from '../../domain/ring-key.ts'
import { findRing } from '../../domain/ring-order.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { Assignment, RunClaim } from '../../domain/run-protocol.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import { inOwnVerbs } from '../../text/own-verbs.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { findArtifact } from '../control/find-artifact.ts'
import { moveDeployment } from '../control/move-deployment.ts'
import { readActor } from '../control/read-actor.ts'
import { type PolicyOfRing, type RepositoryPolicy, readPolicy } from '../control/read-policy.ts'
import { requestRollback } from '../rollbacks/request-rollback.ts'
import { actorOf, expectRun, type RunCaller } from './run-caller.ts'

/**
 * Gives a run its work: the deployment of the promotion that it was started for. Nothing that was not authorised ever runs; only a
 * rollback may be started by hand on GitHub, by whoever may roll the ring back.
 *
 * @throws {RingwayError} `unauthorised_run` with the command to type
 */
export async function claimRun(ports: ControlPorts, caller: RunCaller, claim: RunClaim): Promise<Assignment> {
  const policy = await readPolicy(ports, caller)
  await expectRun(caller, policy, { environment: claim.environment })
  const place = findRing(policy.ringFile, claim.environment)
  if (place === undefined) throw unknownEnvironment(claim.environment)
  const verbs = policy.ringFile.commands.words
  const key: RingKey = { ...keyOf(caller), solution: place.solution.name, ring: place.ring.name }
  const byHand = await rollbackByHand(ports, { policy, place, caller, claim })
  return await ports.store.transaction({ tenant: caller.tenant }, async tx => {
    const ring = await tx.rings.lock(key, place.ring.environment)
    const promotion = (await findPromotion(tx, caller, claim)) ?? (await byHand?.(tx, ring))
    if (promotion === undefined || !isSameRing(promotion.key, key)) throw unauthorised(place, claim, verbs)
    if (promotion.run !== undefined && promotion.run !== caller.claims.runId) throw unauthorised(place, claim, verbs)
    const deployment = await deploymentOf(tx, promotion, { place, verbs })
    const carried = await takeOver(tx, deployment, caller)
    if (promotion.run === undefined)
      await tx.promotions.save({ ...(await reread(tx, promotion)), run: caller.claims.runId })
    return await assign(tx, place, carried)
  })
}

/** The run's own promotion: the one that it was dispatched with, else the one that it was seen to carry. */
async function findPromotion(
  tx: ControlTransaction,
  caller: RunCaller,
  claim: RunClaim,
): Promise<Promotion | undefined> {
  if (claim.promotion !== undefined) return await tx.promotions.read(claim.promotion)
  const [carried] = await tx.promotions.find({ repository: caller.repository, run: caller.claims.runId, limit: 1 })
  return carried
}

async function deploymentOf(
  tx: ControlTransaction,
  promotion: Promotion,
  { place, verbs }: { readonly place: PolicyOfRing; readonly verbs: VerbTable },
): Promise<RingDeployment> {
  const current = await reread(tx, promotion)
  const deployment = await tx.deployments.read(current.deployment)
  if (deployment !== undefined) return deployment
  throw new RingwayError({
    code: 'unauthorised_run',
    message: `Promotion ${promotion.id} is ${promotion.state}: its gates have not let it into ${place.ring.name}.`,
    remedy: inOwnVerbs('Comment `/status` to see what it waits for.', verbs),
  })
}

/** The run begins, or goes on where an earlier attempt of it broke off. */
async function takeOver(
  tx: ControlTransaction,
  deployment: RingDeployment,
  caller: RunCaller,
): Promise<RingDeployment> {
  if (isFinal(deployment.state) || deployment.state === 'active') return deployment
  const own = { ...deployment, runId: caller.claims.runId }
  if (deployment.runId !== caller.claims.runId) await tx.deployments.save(own)
  if (own.state !== 'queued') return own
  return await moveDeployment(tx, own, {
    event: 'slot_taken',
    reason: own.reason,
    words: `fetching ${own.digest.slice(0, 19)}…`,
  })
}

async function assign(tx: ControlTransaction, place: PolicyOfRing, deployment: RingDeployment): Promise<Assignment> {
  const other = deployment.task === 'rollback' ? deployment.ends : deployment.replaces
  const previous = await tx.deployments.read(other)
  const promotion = await tx.promotions.read(deployment.promotion)
  return {
    deployment: deployment.id,
    githubDeployment: deployment.githubId,
    promotion: deployment.promotion,
    task: deployment.task === 'rollback' ? 'restore' : 'place',
    solution: place.solution.name,
    ring: place.ring.name,
    environment: place.ring.environment,
    version: deployment.version,
    digest: deployment.digest,
    previous: previous && { version: previous.version, digest: previous.digest },
    parameters: promotion?.parameters,
    organisation: deployment.organisation,
    state: deployment.state,
    reason: deployment.reason,
    words: deployment.words,
  }
}

/** A rollback that a person started on GitHub's own page needs no command: whoever may roll back has asked for it. */
async function rollbackByHand(
  ports: ControlPorts,
  started: { policy: RepositoryPolicy; place: PolicyOfRing; caller: RunCaller; claim: RunClaim },
): Promise<((tx: ControlTransaction, ring: RingRecord) => Promise<Promotion>) | undefined> {
  const { policy, place, caller, claim } = started
  if (claim.command !== 'rollback' || claim.promotion !== undefined) return undefined
  const grants = ringGrants(place.solution, place.ring, policy.ringFile.allowedBots)
  const permission = mayDo(await readActor(policy.github, actorOf(caller), { grants: [grants] }), 'rollback', grants)
  if (!permission.allowed) {
    throw new RingwayError({ code: 'unauthorised_run', message: permission.words, remedy: permission.remedy })
  }
  const id = ports.newId()
  return async (tx, ring) => {
    const to = claim.artifact === undefined ? undefined : await findArtifact(tx, ring.key, claim.artifact)
    return await requestRollback(tx, {
      ring,
      id,
      by: actorOf(caller),
      source: { kind: 'run', run: caller.claims.runId },
      reason: claim.reason,
      to,
      because: 'rolled_back_by_person',
    })
  }
}

async function reread(tx: ControlTransaction, { id }: Promotion): Promise<Promotion> {
  const found = await tx.promotions.read(id)
  if (found === undefined) throw new TypeError(`promotion ${id} was just there`)
  return found
}

function keyOf({ tenant, repository }: RunCaller): { tenant: number; repository: number } {
  return { tenant, repository }
}

function isSameRing(a: RingKey, b: RingKey): boolean {
  return a.tenant === b.tenant && a.repository === b.repository && a.solution === b.solution && a.ring === b.ring
}

function unauthorised({ ring }: PolicyOfRing, { command, artifact }: RunClaim, verbs: VerbTable): RingwayError {
  const version = artifact ?? '<version>'
  return new RingwayError({
    code: 'unauthorised_run',
    message: `No promotion authorises this run to ${command === 'deploy' ? 'place a version in' : 'change'} ${ring.name}.`,
    remedy: inOwnVerbs(
      `Comment \`/promote ${ring.name} ${version}\` on an issue or on the merged pull request.`,
      verbs,
    ),
  })
}

function unknownEnvironment(environment: string): RingwayError {
  return new RingwayError({
    code: 'unknown_ring',
    message: `No ring of the ring file on the default branch uses the environment ${environment}.`,
    remedy: 'Correct the name, or add the ring to the ring file of the default branch.',
  })
}
