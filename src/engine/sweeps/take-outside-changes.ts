import { ringSubject } from '../../domain/audit/audit-subject.ts'
import type { ConfigLayer } from '../../domain/configuration.ts'
import { isFinal } from '../../domain/deployment.ts'
import type { DeploymentRecord } from '../../domain/deployment-history.ts'
import { ringDeed, show } from '../../domain/effect.ts'
import type { Promotion } from '../../domain/promotion.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import type { RingKey } from '../../domain/ring-key.ts'
import { movePointer } from '../../domain/ring-pointer.ts'
import { artifactName } from '../../domain/version.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import type { RecordedDeployment } from '../../ports/deployments.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { endPromotion } from '../control/move-promotion.ts'
import { wakeWaiting } from '../control/wake-waiting.ts'
import { type OutsideChanges, rowOf, type ToldByJob } from './read-outside-changes.ts'

/** What was read, of which ring. */
export interface OutsideChange {
  readonly key: RingKey
  readonly environment: string
  readonly changes: OutsideChanges
  /** The organisation's configuration layer now: nobody else kept the one that was in force. */
  readonly organisation: ConfigLayer
}

/**
 * Takes in what others did to a ring, as GitHub shows it: what a job of Ringway's did alone is recorded as it is, and the pointer follows; what
 * somebody else did is told and stands in the audit log. Nothing is taken in when the ring moved while GitHub was read.
 */
export async function takeOutsideChanges(
  ports: Pick<ControlPorts, 'self'>,
  tx: ControlTransaction,
  { key, environment, changes, organisation }: OutsideChange,
): Promise<void> {
  const ring = await tx.rings.lock(key, environment)
  if (ring.pointer.deployment !== changes.pointer) return
  const taken: RingDeployment[] = []
  for (const told of changes.told) {
    const deployment = await takeTold(ports, tx, { ring, told, organisation })
    if (deployment !== undefined) taken.push(deployment)
  }
  if (taken.length > 0) await follow(tx, ring, taken)
  for (const recorded of changes.foreign) await noteForeign(ports, tx, { key, recorded })
  if (changes.overwritten !== undefined) await repair(ports, tx, changes.overwritten)
}

interface Taking {
  readonly ring: RingRecord
  readonly told: ToldByJob
  readonly organisation: ConfigLayer
}

async function takeTold(
  { self }: Pick<ControlPorts, 'self'>,
  tx: ControlTransaction,
  taking: Taking,
): Promise<RingDeployment | undefined> {
  const { ring, told } = taking
  const { key } = ring
  const known = await rowOf(tx, key, told.record)
  if (known !== undefined && (known.state === told.record.state || isFinal(known.state))) return undefined
  const deployment = known === undefined ? await addTold(tx, taking, self) : await saveTold(tx, known, told.record)
  const { id, state, version, digest, words } = deployment
  const data = { deployment: id, state, version: version ?? null, digest, github: told.record.id, words }
  await tx.events.append({ type: 'ring.changed_outside', key, data })
  await tx.audit.append({
    actor: told.by ?? self,
    cause: { kind: 'run', id: String(told.record.runId ?? 0) },
    action: 'ring.changed_outside',
    subject: ringSubject(key),
    before: known === undefined ? null : { deployment: id, state: known.state },
    after: { deployment: id, state, version: version ?? null, digest, github: told.record.id },
  })
  await tx.effects.want([show(key, { kind: 'commit_status', deployment: id })])
  if (!isFinal(state) && state !== 'active') {
    await tx.queue.send({ kind: 'supervise', tenant: key.tenant, deployment: id })
  }
  return deployment
}

const madeOutside = 'made outside the App'

async function saveTold(
  tx: ControlTransaction,
  known: RingDeployment,
  { id: githubId, state, reason, words, since, activatedAt, url, runId }: DeploymentRecord,
): Promise<RingDeployment> {
  const said = `${words === '' ? '' : `${words}; `}${madeOutside}`
  const run = runId ?? known.runId
  const told = { githubId, state, reason, words: said, since, activatedAt, runId: run }
  const saved = { ...known, ...told, url: url ?? known.url }
  await tx.deployments.save(saved)
  if (isFinal(state) || state === 'active') await endPromotion(tx, saved)
  return saved
}

async function addTold(
  tx: ControlTransaction,
  { ring, told, organisation }: Taking,
  self: ControlPorts['self'],
): Promise<RingDeployment> {
  const { id: githubId, promotion: named, words, ...record } = told.record
  const promotion = await freePromotionId(tx, named, githubId)
  const draft: Omit<RingDeployment, 'id'> = {
    ...record,
    key: ring.key,
    promotion,
    githubId,
    words: `${words === '' ? '' : `${words}; `}${madeOutside}`,
    organisation,
    checks: [],
    replaces: undefined,
    ends: undefined,
  }
  const deployment: RingDeployment = { ...draft, id: await tx.deployments.add(draft) }
  await tx.promotions.add(promotionOf(deployment, told.by ?? self))
  return deployment
}

/** Whoever may push can write any id into a payload. */
async function freePromotionId(tx: ControlTransaction, named: string | undefined, githubId: number): Promise<string> {
  const isFree = named !== undefined && (await tx.promotions.read(named)) === undefined
  return isFree ? named : `github-${githubId}`
}

/** What asked for it is not known; that somebody did is. */
function promotionOf(deployment: RingDeployment, by: Promotion['requestedBy']): Promotion {
  const { key, promotion: id, state, task, version, digest, commit, createdAt, runId, reason, words } = deployment
  return {
    id,
    key,
    state: isFinal(state) || state === 'active' ? 'done' : 'dispatched',
    task,
    candidate: { version, digest, commit },
    baseline: undefined,
    requestedBy: by,
    source: runId === undefined ? { kind: 'api' } : { kind: 'run', run: runId },
    reason: undefined,
    parameters: {},
    hotfix: false,
    override: undefined,
    pullRequest: undefined,
    requestedAt: createdAt,
    expiresAt: createdAt,
    verdicts: [],
    end: { reason: state === 'active' ? 'ok' : (reason ?? 'ok'), words },
    supersededBy: undefined,
    deployment: deployment.id,
    run: runId,
    waitingJob: undefined,
  }
}

/** The pointer goes where the ring is. What it pointed to before has ended, whatever ended it. */
async function follow(tx: ControlTransaction, ring: RingRecord, taken: readonly RingDeployment[]): Promise<void> {
  const { pointer } = ring
  const live = taken
    .filter(({ state }) => state === 'active')
    .toSorted(byActivation)
    .at(-1)
  for (const older of taken.filter(({ state, id }) => state === 'active' && id !== live?.id)) {
    await supersede(tx, older, live)
  }
  const before = await tx.deployments.read(pointer.deployment)
  const isGone = before !== undefined && isFinal(before.state)
  if (live !== undefined && before?.state === 'active' && before.id !== live.id) await supersede(tx, before, live)
  const to = live?.id ?? (isGone ? undefined : pointer.deployment)
  if (to !== pointer.deployment) {
    const move = movePointer(pointer, { expectedRevision: pointer.revision, to })
    if (move.kind === 'stale') throw new TypeError('the pointer of a locked ring cannot be stale')
    await tx.rings.point(ring.key, move.pointer)
  }
  await wakeWaiting(tx, ring.key)
}

async function supersede(
  tx: ControlTransaction,
  deployment: RingDeployment,
  by: RingDeployment | undefined,
): Promise<void> {
  const words = by === undefined ? madeOutside : `by ${artifactName(by)}, ${madeOutside}`
  await tx.deployments.save({ ...deployment, state: 'superseded', words, since: tx.now })
}

function byActivation(a: RingDeployment, b: RingDeployment): number {
  return (a.activatedAt ?? 0) - (b.activatedAt ?? 0) || (a.githubId ?? 0) - (b.githubId ?? 0)
}

async function noteForeign(
  { self }: Pick<ControlPorts, 'self'>,
  tx: ControlTransaction,
  { key, recorded }: { readonly key: RingKey; readonly recorded: RecordedDeployment },
): Promise<void> {
  const { id, task, commit, creator } = recorded
  if (!(await tx.notices.first(`foreign ${key.repository}/${id}`))) return
  const words = `a Deployment that Ringway did not make went live here, by ${creator?.login ?? 'nobody who is known'}`
  const data = { github: id, task, commit, by: creator?.login ?? null, words }
  await tx.events.append({ type: 'ring.changed_outside', key, data })
  await tx.audit.append({
    actor: creator === undefined ? self : { id: creator.id, login: creator.login },
    cause: { kind: 'system', id: `deployment ${id}` },
    action: 'ring.changed_outside',
    subject: ringSubject(key),
    before: null,
    after: { github: id, task, commit },
  })
}

/** GitHub is the public record: what somebody wrote over is said again, once; who insists is only told of. */
async function repair(
  { self }: Pick<ControlPorts, 'self'>,
  tx: ControlTransaction,
  { deployment, status }: NonNullable<OutsideChanges['overwritten']>,
): Promise<void> {
  const { key, id, githubId, state, reason, words } = deployment
  const notice = `overwritten ${key.repository}/${githubId ?? 0}`
  if (!(await tx.notices.first(`${notice} ${status.createdAt}`))) return
  const by = status.creator
  const said = `GitHub shows ${artifactName(deployment)} as ${status.state}, by ${by?.login ?? 'nobody who is known'}; the ring points to it`
  const data = { deployment: id, github: githubId ?? null, state: status.state, by: by?.login ?? null, words: said }
  await tx.events.append({ type: 'ring.changed_outside', key, data })
  await tx.audit.append({
    actor: by === undefined ? self : { id: by.id, login: by.login },
    cause: { kind: 'system', id: `deployment ${githubId ?? 0}` },
    action: 'ring.changed_outside',
    subject: ringSubject(key),
    before: { deployment: id, shown: 'success' },
    after: { deployment: id, shown: status.state },
  })
  if (!(await tx.notices.first(`${notice} repaired`))) return
  const deed = { kind: 'deployment_status', deployment: id, state, failure: 'failed', reason, words } as const
  await tx.effects.want([ringDeed(key, deed, ` over ${status.createdAt}`)])
}
