import { type DeploymentEvent, type DeploymentState, isFinal, transition } from '../../src/domain/deployment.ts'
import type { RingResult, RunResult } from '../../src/domain/result.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import { completeRollback } from '../../src/domain/rollback.ts'
import type {
  Assignment,
  BuildAnswer,
  BuildReport,
  NamedArtifact,
  PromotionWish,
  RunClaim,
  RunReport,
  RunVerdict,
} from '../../src/domain/run-protocol.ts'
import { artifactName } from '../../src/domain/version.ts'
import type { ControlPlane } from '../../src/ports/control-plane.ts'

/** A deployment as the small App keeps it. */
export interface KeptDeployment extends Omit<Assignment, 'state'> {
  state: DeploymentState
  /** Every state it was in. */
  readonly walked: DeploymentState[]
  url?: string | undefined
}

/** Something that the App decides while a run is under way: it takes the place of its answer to one report. */
type Decide = (report: RunReport, deployment: KeptDeployment) => Partial<RunVerdict> | undefined

/**
 * An App that keeps one repository in memory: one writer of state, and every state by `transition`. What it does not have are gates, people
 * and a database.
 */
export interface SmallControlPlane extends ControlPlane {
  readonly deployments: readonly KeptDeployment[]
  readonly reports: readonly RunReport[]
  readonly builds: readonly BuildReport[]
  readonly wishes: readonly PromotionWish[]
  /** What each environment points to. */
  readonly pointers: Map<string, KeptDeployment>
  /** Lets a run go ahead with a deployment. */
  authorise(
    work: Omit<Assignment, 'deployment' | 'previous' | 'state'> & { readonly state?: DeploymentState },
  ): KeptDeployment
  /** Decides about the reports that come from now on. */
  decide(next: Decide | undefined): void
}

/** Opens one in which nothing is deployed and nobody may do anything. */
export function openSmallControlPlane(): SmallControlPlane {
  const deployments: KeptDeployment[] = []
  const reports: RunReport[] = []
  const builds: BuildReport[] = []
  const wishes: PromotionWish[] = []
  const pointers = new Map<string, KeptDeployment>()
  let decide: Decide | undefined

  const report = (told: RunReport): RunVerdict => {
    reports.push(told)
    const deployment = deployments.find(one => one.deployment === told.deployment)
    if (deployment === undefined) throw refusal('not_found', `There is no deployment ${told.deployment}.`)
    if (isFinal(deployment.state) || deployment.state === 'active') {
      return { state: deployment.state, verdict: 'over', reason: 'already_done', words: `it is ${deployment.state}` }
    }
    const decided = decide?.(told, deployment)
    if (decided?.verdict === undefined) take(told, deployment)
    const usual = verdictOn(told, deployment)
    return { ...usual, ...decided, state: deployment.state }
  }

  const take = (told: RunReport, deployment: KeptDeployment): void => {
    deployment.url = told.url ?? deployment.url
    for (const event of eventsOf(told, deployment.state)) move(deployment, event)
    if (told.event === 'activated' && deployment.state === 'active') movePointer(deployment)
    if (told.event === 'put_back' && deployment.task === 'remove') pointers.delete(deployment.environment)
  }

  const movePointer = (deployment: KeptDeployment): void => {
    const before = pointers.get(deployment.environment)
    pointers.set(deployment.environment, deployment)
    if (before === undefined) return
    if (deployment.task !== 'restore') return move(before, 'took_over')
    // Both ends of a rollback are one step; the restoring one has taken its own already.
    note(before, completeRollback({ bad: before.state, restoring: 'validating' }).bad)
  }

  return {
    deployments,
    reports,
    builds,
    wishes,
    pointers,
    authorise(work) {
      const before = pointers.get(work.environment)
      if (work.task === 'restore' && before?.state === 'active') move(before, 'rollback_ordered')
      const state = work.state ?? 'queued'
      const deployment: KeptDeployment = {
        ...work,
        deployment: deployments.length + 1,
        previous: before && named(before),
        state,
        walked: [state],
      }
      deployments.push(deployment)
      return deployment
    },
    decide(next) {
      decide = next
    },
    async claim(claim: RunClaim) {
      const found = deployments.find(one => one.promotion === claim.promotion && one.environment === claim.environment)
      if (found === undefined) {
        throw refusal('unauthorised_run', `Nobody let a run go ahead into ${claim.environment}.`, claim)
      }
      const { walked: _, url: __, ...assignment } = found
      if (assignment.state === 'queued') move(found, 'slot_taken')
      return { ...assignment, state: found.state }
    },
    report: async told => report(told),
    async reportBuild(built): Promise<BuildAnswer> {
      builds.push(built)
      const promotions = built.version === undefined ? [] : [{ ring: 'dev', promotion: `p-dev-${built.version}` }]
      return { promotions }
    },
    async promote(wish): Promise<RunResult> {
      wishes.push(wish)
      return {
        schema_version: 1,
        command: 'promote',
        decision: wish.dryRun ? 'nothing' : 'done',
        reason_code: wish.dryRun ? 'dry_run' : 'ok',
        message: `${wish.artifact ?? 'the newest version'} into ${wish.environment}: requested.`,
        environment: wish.environment,
      }
    },
    readRings: async () => [...pointers.values()].map(asRing),
  }
}

function note(deployment: KeptDeployment, state: DeploymentState): void {
  deployment.state = state
  deployment.walked.push(state)
}

function move(deployment: KeptDeployment, event: DeploymentEvent): void {
  note(deployment, transition(deployment.state, event))
}

/** What a report means where the deployment stands; one that was taken in before means nothing. */
function eventsOf({ event, ok }: RunReport, state: DeploymentState): readonly DeploymentEvent[] {
  if (event === 'packaged' && state === 'building') return ['packaged']
  if (event === 'placed' && state === 'deploying') return ['placed']
  if (event === 'activated' && state === 'validating') return ['validated']
  if (event === 'failed' && state === 'building') return ['build_failed']
  if (event === 'failed' && state === 'validating') return ['validation_failed']
  if (event === 'put_back' && state === 'deploying') return ['deploy_failed']
  if (event === 'put_back' && state === 'rolling_back' && ok === true) return ['restored']
  return []
}

function verdictOn({ event, reason = 'ok', words }: RunReport, { state }: KeptDeployment): Omit<RunVerdict, 'state'> {
  if (event === 'failed') return { verdict: 'stop', reason, words }
  const isOver = event === 'put_back' || state === 'active' || isFinal(state)
  return { verdict: isOver ? 'over' : 'go_on', reason, words }
}

function named({ version, digest }: NamedArtifact): NamedArtifact {
  return { version, digest }
}

function asRing(deployment: KeptDeployment): RingResult {
  const { solution, ring, environment, digest, state, url } = deployment
  const name = artifactName(deployment)
  return { solution, ring, environment, version: name, digest, state, newest: name, url: url ?? null }
}

function refusal(code: 'not_found' | 'unauthorised_run', message: string, claim?: RunClaim): RingwayError {
  const remedy = claim === undefined ? 'Ask for one that there is.' : `Comment \`/promote ${claim.environment}\`.`
  return new RingwayError({ code, message, remedy })
}
