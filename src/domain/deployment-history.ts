import { type DeploymentState, isFinal } from './deployment.ts'
import type { ReasonCode } from './reason-code.ts'
import type { CommitSha, EpochMs, Sha256Digest } from './units.ts'
import type { VersionNumber } from './version.ts'

/** One deployment of a ring, as the public record tells it. */
export interface DeploymentRecord {
  readonly id: number
  /** Absent for a draft. */
  readonly version: VersionNumber | undefined
  readonly digest: Sha256Digest
  readonly state: DeploymentState
  readonly reason?: ReasonCode | undefined
  /** The words of its newest status. */
  readonly words: string
  readonly task: 'deploy' | 'rollback'
  /** The id of the promotion that it was opened for; absent where nobody but GitHub opened it. */
  readonly promotion?: string | undefined
  readonly createdAt: EpochMs
  /** When it came into its state. */
  readonly since: EpochMs
  /** When it became active; absent when it never did. */
  readonly activatedAt?: EpochMs | undefined
  /** The run that carries it. */
  readonly runId?: number | undefined
  readonly url?: string | undefined
  readonly commit: CommitSha
}

/** What happened in one ring, oldest first. */
export type RingHistory = readonly DeploymentRecord[]

/**
 * The deployment that the ring points to: the one that became active last, as long as it has not ended. Between the two writes of a
 * pointer move two are `active`; the newer activation is the pointer.
 */
export function activeDeployment(history: RingHistory): DeploymentRecord | undefined {
  return history
    .filter(
      record => record.activatedAt !== undefined && (record.state === 'active' || record.state === 'rolling_back'),
    )
    .toSorted(byActivation)
    .at(-1)
}

/**
 * What became active here although it was asked for after `promotion`: builds do not end in the order of their pushes. A promotion's id
 * begins with the run that asked for it, and the ids of runs grow.
 */
export function overtakenBy(history: RingHistory, promotion: string | undefined): DeploymentRecord | undefined {
  const asked = askingRun(promotion)
  if (asked === undefined) return undefined
  return history.findLast(record => record.activatedAt !== undefined && (askingRun(record.promotion) ?? 0) > asked)
}

function askingRun(promotion: string | undefined): number | undefined {
  const digits = /^([0-9]{1,15})-/.exec(promotion ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Those that a newer activation displaced and whose own end was not written: a run was lost between the two writes. */
export function displaced(history: RingHistory): RingHistory {
  const active = activeDeployment(history)
  return history.filter(record => record.state === 'active' && record.id !== active?.id)
}

/** Those that have not come to an end and are not active. */
export function unfinished(history: RingHistory): RingHistory {
  return history.filter(
    record => !isFinal(record.state) && record.state !== 'active' && record.activatedAt === undefined,
  )
}

/** The last one that was active and healthy before `bad`: never one that was rolled back, never the same artifact. */
export function rollbackTarget(history: RingHistory, bad: DeploymentRecord): DeploymentRecord | undefined {
  return history
    .filter(record => record.digest !== bad.digest && wasProven(history, record))
    .filter(record => (record.activatedAt ?? 0) < (bad.activatedAt ?? Number.POSITIVE_INFINITY))
    .toSorted(byActivation)
    .at(-1)
}

/** Since when an artifact has been healthy here: its first activation after which it was not rolled back. */
export function healthySince(history: RingHistory, digest: Sha256Digest): EpochMs | undefined {
  const own = history.filter(record => record.digest === digest)
  const bad = own.findLastIndex(isCondemned)
  return own.slice(bad + 1).find(wasHealthy)?.activatedAt
}

/** The newest deployment of an artifact that was active and healthy here and has not been rolled back since. */
export function lastHealthy(history: RingHistory, digest: Sha256Digest): DeploymentRecord | undefined {
  return history.findLast(record => record.digest === digest && wasProven(history, record))
}

/** Somebody let an artifact out of quarantine. */
export interface QuarantineRelease {
  readonly digest: Sha256Digest
  readonly at: EpochMs
}

/** Whether an artifact was rolled back automatically here, and nobody released it since. */
export function isQuarantined(
  history: RingHistory,
  digest: Sha256Digest,
  releases: readonly QuarantineRelease[] = [],
): boolean {
  return history.some(
    record =>
      record.digest === digest &&
      wasRolledBackAutomatically(record) &&
      !releases.some(release => release.digest === digest && release.at >= record.since),
  )
}

/** Every artifact that is in quarantine in a ring: rolled back automatically there or in an earlier one. */
export function quarantinedDigests(
  histories: readonly RingHistory[],
  releases: readonly QuarantineRelease[] = [],
): readonly Sha256Digest[] {
  const digests = histories.flatMap(history =>
    history.map(record => record.digest).filter(digest => isQuarantined(history, digest, releases)),
  )
  return [...new Set(digests)]
}

/**
 * Whether versions may not move in by themselves: the last thing that came to an end here was a rollback, by hand or by itself, and
 * nobody has promoted since.
 */
export function autoPromotionHeld(history: RingHistory): boolean {
  const last = history.findLast(
    record => record.state !== 'failed' && record.state !== 'superseded' && !endedByAccident(record),
  )
  return (
    last !== undefined && (last.state === 'rolled_back' || last.state === 'rolling_back' || last.task === 'rollback')
  )
}

/** Whether the last thing that came to an end here was a person's rollback: then not even a push goes in by itself. */
export function rolledBackByPerson(history: RingHistory): boolean {
  if (!autoPromotionHeld(history)) return false
  const last = history.findLast(record => record.state === 'rolled_back' || record.state === 'rolling_back')
  return last?.reason === 'rolled_back_by_person' || last?.reason === 'quarantined'
}

/** Whether a deployment was active and healthy, and its artifact has not been rolled back since. */
export function wasProven(history: RingHistory, record: DeploymentRecord): boolean {
  return (
    wasHealthy(record) &&
    !history.some(other => other.digest === record.digest && isCondemned(other) && other.createdAt > record.createdAt)
  )
}

function wasHealthy(record: DeploymentRecord): boolean {
  return record.activatedAt !== undefined && (record.state === 'active' || record.state === 'superseded')
}

/** Ends that say nothing of the version: a run was cancelled or lost before anybody could judge. */
const accidents: readonly ReasonCode[] = [
  'cancelled',
  'run_vanished',
  'superseded_by_newer',
  'github_unreachable',
  'store_unreachable',
]

function endedByAccident(record: DeploymentRecord): boolean {
  return record.activatedAt === undefined && record.reason !== undefined && accidents.includes(record.reason)
}

/** Whether its rollback is a judgement of the version, so that an older health of the same artifact counts no more. */
function isCondemned(record: DeploymentRecord): boolean {
  return (record.state === 'rolled_back' || record.state === 'rolling_back') && !endedByAccident(record)
}

function wasRolledBackAutomatically(record: DeploymentRecord): boolean {
  return (
    (record.state === 'rolled_back' || record.state === 'rolling_back') &&
    (record.reason === 'validation_failed' ||
      record.reason === 'deploy_command_failed' ||
      // A person rolled it back, and wants it kept out.
      record.reason === 'quarantined')
  )
}

function byActivation(a: DeploymentRecord, b: DeploymentRecord): number {
  return (a.activatedAt ?? 0) - (b.activatedAt ?? 0) || a.id - b.id
}
