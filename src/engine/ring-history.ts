import { isFinal } from '../domain/deployment.ts'
import { activeDeployment, type DeploymentRecord, type RingHistory } from '../domain/deployment-history.ts'
import { decodeDeploymentPayload } from '../domain/deployment-payload.ts'
import type { ReasonCode } from '../domain/reason-code.ts'
import { parseStatusDescription } from '../domain/status-description.ts'
import type { CommitSha } from '../domain/units.ts'
import { parseVersionName } from '../domain/version.ts'
import type { Account, DeploymentStatus, Deployments, RecordedDeployment } from '../ports/deployments.ts'
import type { VersionTags } from '../ports/version-tags.ts'

/** What of a ring's history to read from GitHub. */
export interface HistoryRequest {
  readonly solution: string
  readonly environment: string
  /** The id of a deployment that is passed over: the one that this run carries. */
  readonly except?: number | undefined
  /** Stops reading when what has been read is enough; a deployment costs a call. */
  readonly enough: (history: readonly DeploymentRecord[]) => boolean
}

/** No decision looks further back than this many deployments of one ring. */
const farthest = 100

/**
 * What GitHub says of a ring, oldest first. History is read from the descriptions of statuses that a bot posted, never from payloads:
 * GitHub's own Deployments have none, and whoever may push can write one.
 */
export async function readRingHistory(
  ports: { readonly deployments: Deployments; readonly versions: VersionTags },
  request: HistoryRequest,
): Promise<readonly DeploymentRecord[]> {
  const { environment, except } = request
  const newestFirst: DeploymentRecord[] = []
  let seen = 0
  for await (const recorded of ports.deployments.list({ environments: [environment], except })) {
    const record = await readRecord(ports.versions, request.solution, recorded)
    if (record !== undefined) newestFirst.push(record)
    seen += 1
    if (seen === farthest || (record !== undefined && request.enough(newestFirst.toReversed()))) break
  }
  return newestFirst.toReversed()
}

/** What happened to the artifacts of one commit, in each of these environments, oldest first. */
export async function readCommitHistory(
  ports: { readonly deployments: Deployments; readonly versions: VersionTags },
  request: { readonly solution: string; readonly environments: readonly string[]; readonly commit: CommitSha },
): Promise<ReadonlyMap<string, readonly DeploymentRecord[]>> {
  const { solution, environments, commit } = request
  const histories = new Map<string, DeploymentRecord[]>(environments.map(environment => [environment, []]))
  let seen = 0
  for await (const recorded of ports.deployments.list({ environments, commit })) {
    const record = await readRecord(ports.versions, solution, recorded)
    if (record !== undefined) histories.get(recorded.environment)?.unshift(record)
    seen += 1
    if (seen === farthest * environments.length) break
  }
  return histories
}

/** One GitHub Deployment as a record; undefined when it is none of ours. */
export async function readRecord(
  versions: VersionTags,
  solution: string,
  recorded: RecordedDeployment,
): Promise<DeploymentRecord | undefined> {
  const ours = recorded.statuses.flatMap(status => {
    const report = isBot(status.creator) ? parseStatusDescription(status.description) : undefined
    return report === undefined ? [] : [{ status, report }]
  })
  const [newest] = ours
  if (newest === undefined) return undefined
  const payload = isBot(recorded.creator) ? decodeDeploymentPayload(recorded.payload) : undefined
  const number = parseVersionName(newest.report.artifact)
  const digest = number === undefined ? payload?.digest : (await versions.read(solution, number))?.digest
  if (digest === undefined) return undefined
  const activated = ours.findLast(({ report }) => report.state === 'active')
  return {
    id: recorded.id,
    version: number,
    digest,
    state: newest.report.state,
    reason: whyOf(ours.map(({ report }) => report.reason)),
    words: newest.report.words,
    // A Deployment that GitHub opened for the job of a rollback has the task that GitHub gives all of them.
    task:
      recorded.task === 'rollback' || ours.some(({ report }) => report.reason === 'rollback') ? 'rollback' : 'deploy',
    promotion: payload?.promotion,
    createdAt: recorded.createdAt,
    since: newest.status.createdAt,
    activatedAt: activated?.status.createdAt,
    runId: runIdOf(ours.map(({ status }) => status)),
    url: newest.status.environmentUrl,
    commit: recorded.commit,
  }
}

/** Why a deployment is where it is: that its restoring failed as well says nothing of what was wrong with it. */
function whyOf(reasons: readonly (ReasonCode | undefined)[]): ReasonCode | undefined {
  const [newest] = reasons
  return newest === 'restore_failed'
    ? (reasons.find(reason => reason !== undefined && reason !== newest) ?? newest)
    : newest
}

/** The run that carries a deployment: the one whose log its newest status shows. */
export function runIdOf(statuses: readonly Pick<DeploymentStatus, 'logUrl'>[]): number | undefined {
  for (const { logUrl } of statuses) {
    const digits = logUrl === undefined ? undefined : /\/actions\/runs\/([0-9]+)(?:\/|$)/.exec(logUrl)?.[1]
    if (digits !== undefined) return Number(digits)
  }
  return undefined
}

/** Jobs and Apps are bots on GitHub; a person's token cannot pass for one. */
export function isBot(account: Account | undefined): boolean {
  return account?.type === 'Bot'
}

/**
 * Enough to know what the ring points to: the active deployment, and one before it that has ended. Between them may stand one that is
 * active only because the run that displaced it was lost before it said so.
 */
export function knowsThePointer(history: RingHistory): boolean {
  const ended = history.some(record => record.activatedAt !== undefined && isFinal(record.state))
  return ended && activeDeployment(history) !== undefined
}
