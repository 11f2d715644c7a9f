import { setTimeout as sleep } from 'node:timers/promises'
import type { RunClaims } from '../../src/domain/policy/run-identity.ts'
import type { RingDeployment } from '../../src/domain/ring-deployment.ts'
import type { RingKey } from '../../src/domain/ring-key.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import type { Assignment, BuildReport, RunReport, RunVerdict } from '../../src/domain/run-protocol.ts'
import { type CommitSha, commitSha, epochMs } from '../../src/domain/units.ts'
import { claimRun } from '../../src/engine/assignments/claim-run.ts'
import type { RunCaller } from '../../src/engine/assignments/run-caller.ts'
import { takeReport } from '../../src/engine/assignments/take-report.ts'
import { takeBuild } from '../../src/engine/builds/take-build.ts'
import { hearComment } from '../../src/engine/commands/hear-comment.ts'
import { performLane } from '../../src/engine/effects/perform-lane.ts'
import { noteHead } from '../../src/engine/facts/note-head.ts'
import { noteRunEnded } from '../../src/engine/facts/note-run-ended.ts'
import { wakeRepository } from '../../src/engine/facts/wake-commit.ts'
import { advanceRing } from '../../src/engine/promotions/advance-ring.ts'
import { sendOnward } from '../../src/engine/promotions/send-onward.ts'
import { superviseDeployment } from '../../src/engine/supervision/supervise-deployment.ts'
import type { ControlTransaction } from '../../src/ports/control-store.ts'
import type { Work } from '../../src/ports/work-queue.ts'
import { manifestOf } from './manifests.ts'
import { digestOf } from './ring-records.ts'
import type { SmallControl } from './small-control.ts'
import type { SmallRun } from './small-github.ts'
import { tinyRingFile } from './tiny-solution.ts'

/** Somebody who comments. */
export interface SmallPerson {
  readonly id: number
  readonly login: string
}

export const people = {
  alice: { id: 1, login: 'alice' },
  bob: { id: 2, login: 'bob' },
  carol: { id: 3, login: 'carol' },
} as const satisfies Record<string, SmallPerson>

/** The rules in force, as far as a test changes them. */
export interface SmallPolicy {
  readonly frozen: boolean
  /** Approvals that staging asks for. */
  readonly approvals: number
}

/** What a test does to the world, and what it looks at. */
export interface SmallWorld extends SmallControl {
  readonly issue: number
  policy: SmallPolicy
  ring(name: string): RingKey
  run<T>(work: (tx: ControlTransaction) => Promise<T>): Promise<T>
  rule(policy: SmallPolicy): Promise<void>
  /** A push whose build has ended. */
  build(): Promise<void>
  /** The run of the newest version's build is run again. */
  buildAgain(): Promise<void>
  /** A new head of the pull request, told by a delivery; its draft is built. */
  head(): Promise<CommitSha>
  say(by: SmallPerson, body: string, issue?: number): Promise<void>
  /** Comments; @returns what hears it, at some time */
  comment(by: SmallPerson, body: string, issue?: number): Promise<() => Promise<void>>
  /** A run as its identity token names it. */
  callerOf(run: SmallRun): RunCaller
  /** The assignment of a run, once it has asked for it. */
  readonly assigned: ReadonlyMap<number, Assignment>
  claim(run: SmallRun): Promise<void>
  report(run: SmallRun, said: Pick<RunReport, 'event'> & Partial<RunReport>): Promise<RunVerdict>
  /** The run ends; GitHub tells it. */
  end(run: SmallRun): Promise<void>
  perform(work: Work): Promise<void>
  /** Does everything that is due, until nothing is. */
  settle(): Promise<void>
}

const repositoryId = 42
const ownerId = 7
export const pullNumber = 5

/** The ring file with these rules. */
export function ringFileOf({ frozen, approvals }: SmallPolicy): string {
  const freeze = frozen ? ', windows: { freeze: [ { from: 2020-01-01, to: 2099-01-01, reason: holidays } ] }' : ''
  const approving = approvals === 0 ? '' : `, approvals: { count: ${approvals}, authors: true }`
  const gates = (more: string): string => `gates: { checks: none${freeze}${more} }`
  return tinyRingFile({
    shop: [
      { name: 'dev', lines: ['deploy-on: push', 'accepts: drafts', gates('')] },
      { name: 'staging', lines: ['after: dev', gates(approving)] },
      { name: 'production', lines: ['after: staging', 'promote: auto', gates('')] },
    ],
  })
}

/** Puts people, rules and a pull request into a world. */
export async function openSmallWorld(small: SmallControl): Promise<SmallWorld> {
  const { control, github, key } = small
  const assigned = new Map<number, Assignment>()
  let [built, comments, seq] = [0, 0, 0]
  github.roles.set(1, 'admin').set(2, 'maintain').set(3, 'read')
  const claims = (run: SmallRun | undefined): RunClaims => ({
    repositoryId,
    repository: 'acme/shop',
    ownerId,
    runId: run?.id ?? 1,
    runAttempt: 1,
    eventName: run === undefined ? 'push' : 'workflow_dispatch',
    ref: 'refs/heads/main',
    refProtected: undefined,
    workflowRef: 'acme/shop/.github/workflows/ringway.yml@refs/heads/main',
    jobWorkflowRef: undefined,
    environment: run?.environment,
    sha: 'a'.repeat(40),
    actorId: 1,
    actor: 'alice',
    runnerEnvironment: 'github-hosted',
  })
  const callerOf = (run?: SmallRun): RunCaller => ({ ...key, claims: claims(run) })
  const publish = async (commit: CommitSha, pullRequest?: number): Promise<void> => {
    built += 1
    const version = pullRequest === undefined ? github.versions.length + 1 : undefined
    const artifact = { digest: digestOf(built), content: digestOf(10_000 + built), commit }
    if (version !== undefined) github.versions.push({ number: version, ...artifact })
    await report(version, artifact, pullRequest)
  }
  const report = async (
    version: number | undefined,
    artifact: Pick<BuildReport, 'digest' | 'content' | 'commit'>,
    pullRequest?: number,
  ): Promise<void> => {
    const { files: _files, ...manifest } = manifestOf({ solution: 'shop' })
    await takeBuild(control, callerOf(), { solution: 'shop', version, ...artifact, pullRequest, manifest })
  }
  const world: SmallWorld = {
    ...small,
    issue: 1,
    policy: { frozen: false, approvals: 1 },
    assigned,
    callerOf,
    ring: name => ({ ...key, solution: 'shop', ring: name }),
    run: work => control.store.transaction(key, work),
    async rule(policy) {
      world.policy = policy
      github.ringFile = ringFileOf(policy)
      await wakeRepository(control, key)
    },
    build: () => publish(commitOf(github.versions.length + 1)),
    async buildAgain() {
      const newest = github.versions.at(-1)
      if (newest === undefined) return
      const { number, digest, content, commit } = newest
      await report(number, { digest, content, commit })
    },
    async head() {
      const pull = github.pulls.get(pullNumber)
      const commit = commitSha((0xf000 + built).toString(16).padStart(40, '0'))
      seq += 1
      const head = { commit, branch: 'topic', repository: repositoryId, isFork: false }
      github.pulls.set(pullNumber, { ...(pull ?? openPull), head })
      await noteHead(control, { ...key, issue: pullNumber, commit, seq })
      await publish(commit, pullNumber)
      return commit
    },
    async say(by, body, issue) {
      await (await world.comment(by, body, issue))()
    },
    async comment(by, body, issue = world.issue) {
      comments += 1
      const heard = {
        ...key,
        issue,
        isPullRequest: issue === pullNumber,
        comment: comments,
        body,
        author: { ...by, kind: 'user' },
        app: undefined,
        // GitHub tells seconds.
        createdAt: epochMs(Math.floor((await world.run(async tx => tx.now)) / 1_000) * 1_000),
      } as const
      return () => hearComment(control, heard)
    },
    async claim(run) {
      const { command, environment, promotion } = run
      if (command === 'verify') throw new TypeError('no deployment is verified here')
      const claim = { command, environment, promotion, artifact: undefined, reason: undefined }
      assigned.set(run.id, await claimRun(control, callerOf(run), claim))
    },
    async report(run, said) {
      const assignment = assigned.get(run.id)
      if (assignment === undefined) throw new TypeError(`run ${run.id} has no work`)
      return await takeReport(control, callerOf(run), { deployment: assignment.deployment, words: said.event, ...said })
    },
    async end(run) {
      run.completed = true
      run.isTold = true
      await noteRunEnded(control, { ...key, run: run.id })
    },
    async perform(work) {
      await small.take(work)
      try {
        await carryOut(small, work)
      } catch (error) {
        await small.putBack(work)
        if (!(error instanceof RingwayError) || error.kind !== 'errored') throw error
      }
    },
    async settle() {
      for (let round = 0; round < 500; round += 1) {
        const [work] = await small.due()
        if (work !== undefined) {
          await world.perform(work)
          continue
        }
        // What is to be shown waits for the next second.
        const left = await small.untilNextDue()
        if (left === undefined || left > 1_500) return
        world.pass(Math.max(0, left) + 1)
      }
      throw new Error(`there is always something to do: ${JSON.stringify(await small.due())}`)
    },
  }
  await world.run(tx =>
    tx.repositories.put({ ...key, owner: 'acme', name: 'shop', defaultBranch: 'main', removedAt: undefined }),
  )
  await world.rule(world.policy)
  return world
}

async function carryOut({ control }: SmallControl, work: Work): Promise<void> {
  switch (work.kind) {
    case 'ring':
      return await advanceRing(control, work.key)
    case 'effects':
      return await performLane(control, work)
    case 'onward':
      return await sendOnward(control, work)
    case 'supervise':
      return await superviseDeployment(control, work)
    default:
      await sleep(0)
  }
}

function commitOf(version: number): CommitSha {
  return commitSha(version.toString(16).padStart(40, '0'))
}

const openPull = {
  number: pullNumber,
  title: 'Topic',
  url: 'https://github.test/acme/shop/pull/5',
  state: 'open',
  isDraft: false,
  isMerged: false,
  mergeCommit: undefined,
  base: { commit: commitOf(1), branch: 'main' },
  labels: [],
  author: undefined,
} as const

/** The deployments of a ring, oldest first. */
export async function historyOf(world: SmallWorld, ring: string): Promise<readonly RingDeployment[]> {
  return await world.run(async tx =>
    (await tx.deployments.history(world.ring(ring), { limit: 1_000 })).toSorted((a, b) => a.id - b.id),
  )
}
