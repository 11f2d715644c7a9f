import { isFinal } from '../../domain/deployment.ts'
import type { DeploymentRecord } from '../../domain/deployment-history.ts'
import type { Person } from '../../domain/promotion.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import { type RingKey, ringKeyText } from '../../domain/ring-key.ts'
import { parseStatusDescription } from '../../domain/status-description.ts'
import type { ControlTransaction } from '../../ports/control-store.ts'
import type { DeploymentStatus, RecordedDeployment } from '../../ports/deployments.ts'
import type { RunRecord } from '../../ports/run-records.ts'
import type { ControlPorts, RepositoryOnGithub } from '../control/control-ports.ts'
import type { PolicyOfRing, RepositoryPolicy } from '../control/read-policy.ts'
import { isBot, readRecord, runIdOf } from '../ring-history.ts'

/** As which GitHub shows what a job does with its token. */
const jobs = 'github-actions[bot]'
/** Without a pointer, this many of the newest Deployments tell what runs there. */
const farthest = 20

/** A deployment of which a job of Ringway's workflow had the last word on GitHub. */
export interface ToldByJob {
  readonly record: DeploymentRecord
  readonly by: Person | undefined
}

/** What others than the App did to a ring, as GitHub shows it. */
export interface OutsideChanges {
  /** Our id of what the ring pointed to when GitHub was read. */
  readonly pointer: number | undefined
  /** Oldest first; those whose state is known are left out. */
  readonly told: readonly ToldByJob[]
  /** Deployments that are no work of Ringway's. */
  readonly foreign: readonly RecordedDeployment[]
  /** What somebody said of the deployment that the ring points to. */
  readonly overwritten: { readonly deployment: RingDeployment; readonly status: DeploymentStatus } | undefined
}

/** Which ring, by which rules. */
export interface RingToRead {
  readonly key: RingKey
  readonly policy: RepositoryPolicy
  readonly place: PolicyOfRing
}

/**
 * Reads from GitHub what happened to a ring without the App: down to the Deployment that the ring points to, which is the newest one as long as
 * nobody else does anything.
 *
 * @returns `underway` while a job is still at it
 */
export async function readOutsideChanges(ports: ControlPorts, asked: RingToRead): Promise<OutsideChanges | 'underway'> {
  const { key, policy, place } = asked
  const { github } = policy
  const pointer = await ports.store.transaction(key, async tx => {
    const deployment = (await tx.rings.read(key))?.pointer.deployment
    return await tx.deployments.read(deployment)
  })
  const [told, foreign]: [ToldByJob[], RecordedDeployment[]] = [[], []]
  let overwritten: OutsideChanges['overwritten']
  let seen = 0
  for await (const recorded of github.deployments.list({ environments: [place.ring.environment] })) {
    const isPointer = recorded.id === pointer?.githubId
    const speaker = lastWordOf(recorded)
    if (speaker === jobs) {
      const word = await readJobsWord(ports, asked, recorded)
      if (word === 'underway') return 'underway'
      if (word === 'foreign') foreign.push(recorded)
      else if (word !== 'known') told.unshift(word)
    } else if (speaker === undefined && (await isForeign(ports, asked, recorded))) foreign.push(recorded)
    if (isPointer) overwritten = overwrittenOf(pointer, recorded)
    seen += 1
    if (isPointer || seen === farthest) break
  }
  // What was there before the App looked for the first time changed nothing that it knew.
  return { pointer: pointer?.id, told, foreign: pointer === undefined ? [] : foreign, overwritten }
}

/** Who said last, in our words, where a deployment stands. */
function lastWordOf({ statuses }: RecordedDeployment): string | undefined {
  return statuses.find(isOurWord)?.creator?.login
}

function isOurWord({ creator, description }: DeploymentStatus): boolean {
  return isBot(creator) && parseStatusDescription(description) !== undefined
}

/**
 * Whoever may push can have a job say anything: only a run of the declared workflow of the default branch is believed, as when it asks the App.
 */
async function readJobsWord(
  { store }: ControlPorts,
  { key, policy, place }: RingToRead,
  recorded: RecordedDeployment,
): Promise<ToldByJob | 'known' | 'foreign' | 'underway'> {
  const { github, ringFile } = policy
  const record = await readRecord(github.versions, place.solution.name, recorded)
  if (record === undefined) return 'foreign'
  const row = await store.transaction(key, tx => rowOf(tx, key, record))
  if (row !== undefined && (row.state === record.state || isFinal(row.state))) return 'known'
  const run = record.runId === undefined ? undefined : await github.runRecords.read(record.runId)
  const workflow = `.github/workflows/${ringFile.workflow}`
  if (run === undefined || !isDeclared(run, { workflow, branch: await github.repository.defaultBranch() })) {
    return 'foreign'
  }
  if (run.status !== 'completed') return 'underway'
  return { record, by: run.triggeredBy ?? run.actor }
}

/**
 * The deployment as the App has it. What GitHub answered when the App opened it may not be kept yet: then its payload names its promotion.
 */
export async function rowOf(
  tx: ControlTransaction,
  key: RingKey,
  { id, promotion: named, digest }: DeploymentRecord,
): Promise<RingDeployment | undefined> {
  const known = await tx.deployments.findByGithub(key.repository, id)
  if (known !== undefined || named === undefined) return known
  const promotion = await tx.promotions.read(named)
  if (promotion?.deployment === undefined || ringKeyText(promotion.key) !== ringKeyText(key)) return undefined
  const opened = await tx.deployments.read(promotion.deployment)
  return opened?.githubId === undefined && opened?.digest === digest ? opened : undefined
}

function isDeclared(run: RunRecord, declared: { readonly workflow: string; readonly branch: string }): boolean {
  const { workflow, headBranch, event } = run
  return workflow === declared.workflow && headBranch === declared.branch && event === 'workflow_dispatch'
}

/** Something that says it went live, and that neither the App nor a run that the App knows made. */
async function isForeign(
  { store }: ControlPorts,
  { key, policy }: RingToRead,
  recorded: RecordedDeployment,
): Promise<boolean> {
  if (recorded.statuses[0]?.state !== 'success') return false
  const run = runIdOf(recorded.statuses)
  const isOurs = await store.transaction(key, async tx => {
    if ((await tx.deployments.findByGithub(key.repository, recorded.id)) !== undefined) return true
    if (run === undefined) return false
    return (await tx.promotions.find({ repository: key.repository, run, limit: 1 })).length > 0
  })
  return !isOurs && !(await isProof(policy.github, run))
}

/** A run that only verifies places nothing, and GitHub opens a Deployment for its job all the same. */
async function isProof({ runRecords }: RepositoryOnGithub, run: number | undefined): Promise<boolean> {
  if (run === undefined) return false
  return (await runRecords.read(run))?.title.startsWith('verify ') ?? false
}

/** GitHub's own word on a job that ended is no news; anybody else's is. */
function overwrittenOf(
  pointer: RingDeployment | undefined,
  { statuses }: RecordedDeployment,
): OutsideChanges['overwritten'] {
  const [newest] = statuses
  if (pointer?.state !== 'active' || newest === undefined || isOurWord(newest)) return undefined
  if (newest.state === 'success' || newest.creator?.login === jobs) return undefined
  return { deployment: pointer, status: newest }
}
