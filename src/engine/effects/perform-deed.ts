import { type DeploymentPayload, deploymentPayload } from '../../domain/deployment-payload.ts'
import type { Deed, Effect } from '../../domain/effect.ts'
import type { RingDeployment } from '../../domain/ring-deployment.ts'
import { nextRings } from '../../domain/ring-order.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { describeStatus, githubStatusFor } from '../../domain/status-description.ts'
import { artifactName } from '../../domain/version.ts'
import type { ControlPorts, RepositoryOnGithub } from '../control/control-ports.ts'
import { rememberPolicy, ringOf } from '../control/read-policy.ts'
import type { Receipt } from './take-receipt.ts'

type DeedEffect = Extract<Effect, { type: 'deed' }>
type DeedOf<K extends Deed['kind']> = Extract<Deed, { kind: K }>

/** A deed to do. `repeated`: an earlier attempt may have done it, so look first. */
export interface DeedToDo {
  readonly effect: DeedEffect
  readonly repeated: boolean
}

/** Does one thing on GitHub, once. @returns what GitHub gave */
export async function performDeed(ports: ControlPorts, { effect, repeated }: DeedToDo): Promise<Receipt> {
  const { deed, repository } = effect
  const { tenant } = repository
  switch (deed.kind) {
    case 'open_deployment':
      return await openDeployment(ports, await readDeployment(ports, tenant, deed.deployment), repeated)
    case 'dispatch_run':
      return await dispatchRun(ports, { tenant, deed, repeated })
    case 'deployment_status':
      return await postStatus(ports, await readDeployment(ports, tenant, deed.deployment), { deed, repeated })
    case 'review_job':
      return await reviewJob((await ports.remembered(repository)).github, deed)
    case 'cancel_run':
      await (await ports.remembered(repository)).github.runRecords.cancel(deed.run)
      return {}
    case 'label_pull_request':
      return await labelPullRequest(ports, await readDeployment(ports, tenant, deed.deployment), deed)
    case 'react':
      await (await ports.remembered(repository)).github.conversation.react(deed.comment, deed.reaction)
      return {}
  }
}

/** Exactly one GitHub Deployment per promotion: ours, unless a protection rule holds the job; then GitHub opens its own for it. */
async function openDeployment(ports: ControlPorts, deployment: RingDeployment, repeated: boolean): Promise<Receipt> {
  const { key, commit, task, version, digest } = deployment
  const { github, ringFile } = await rememberPolicy(ports, key)
  const { solution, ring } = ringOf(ringFile, key)
  // The start of a promotion asked already: behind a rule its job would be waiting.
  if (task === 'rollback' && (await github.environments.hasCustomRule(ring.environment))) return {}
  const opened = await github.deployments.open({
    environment: ring.environment,
    commit,
    task,
    description: `${artifactName(deployment)} of ${solution.name}`,
    payload: {
      ...deploymentPayload({
        promotion: deployment.promotion,
        solution: solution.name,
        ring: ring.name,
        version,
        digest,
        task,
        ...(await wishOf(ports, deployment)),
      }),
    },
    production: nextRings(solution, ring).length === 0,
    repeated,
  })
  return { deployment: opened.id }
}

/** What the payload says of whoever wanted it. */
async function wishOf(
  ports: ControlPorts,
  { key, promotion }: RingDeployment,
): Promise<Pick<DeploymentPayload, 'baseline' | 'requestedBy' | 'parameters'>> {
  const found = await ports.store.transaction(key, tx => tx.promotions.read(promotion))
  return {
    baseline: found?.baseline,
    requestedBy: found?.requestedBy.login ?? ports.self.login,
    parameters: found?.parameters ?? {},
  }
}

async function dispatchRun(
  ports: ControlPorts,
  { tenant, deed, repeated }: { tenant: number; deed: DeedOf<'dispatch_run'>; repeated: boolean },
): Promise<Receipt> {
  const { promotion, deployment } = await ports.store.transaction({ tenant }, async tx => {
    const found = await tx.promotions.read(deed.promotion)
    return {
      promotion: found,
      deployment: await tx.deployments.read(found?.deployment),
    }
  })
  if (promotion === undefined) throw new TypeError(`promotion ${deed.promotion} is wanted and not there`)
  if (promotion.run !== undefined) return { run: promotion.run }
  const { github, ringFile } = await rememberPolicy(ports, promotion.key)
  const { candidate, task } = promotion
  const run = await github.runs.dispatch({
    workflow: ringFile.workflow,
    branch: await github.repository.defaultBranch(),
    command: task,
    environment: ringOf(ringFile, promotion.key).ring.environment,
    artifact: candidate.version === undefined ? candidate.digest : artifactName(candidate),
    deployment: deployment?.githubId,
    promotion: promotion.id,
    repeated,
  })
  return { run: run.id }
}

async function postStatus(
  ports: ControlPorts,
  deployment: RingDeployment,
  { deed, repeated }: { readonly deed: DeedOf<'deployment_status'>; readonly repeated: boolean },
): Promise<Receipt> {
  // Where GitHub opens the Deployment for the job, there is none to speak on before the job has begun to wait.
  if (deployment.githubId === undefined) return {}
  const { github } = await ports.remembered(deployment.key)
  await github.deployments.report(deployment.githubId, {
    state: githubStatusFor(deed.state, deed.failure),
    description: describeStatus({
      state: deed.state,
      artifact: artifactName(deployment),
      reason: deed.reason,
      words: deed.words,
    }),
    logUrl: deployment.runId === undefined ? undefined : github.runUrl(deployment.runId),
    environmentUrl: deployment.url,
    repeated,
  })
  return {}
}

/** The labels of one outcome take the place of those of the other. */
async function labelPullRequest(
  ports: ControlPorts,
  { key }: RingDeployment,
  { pullRequest, outcome }: DeedOf<'label_pull_request'>,
): Promise<Receipt> {
  const { github, ringFile } = await rememberPolicy(ports, key)
  const { success, failure } = ringOf(ringFile, key).ring.labels
  if (success.length === 0 && failure.length === 0) return {}
  const [add, remove] = outcome === 'success' ? [success, failure] : [failure, success]
  await github.pullRequests.label(pullRequest, { add, remove })
  return { labels: add.length }
}

async function reviewJob(github: RepositoryOnGithub, deed: DeedOf<'review_job'>): Promise<Receipt> {
  const { run, environment, answer, words } = deed
  const decided = await github.rules.decide({ run, environment }, { verdict: answer, comment: words })
  return { decided }
}

async function readDeployment(ports: ControlPorts, tenant: number, id: number): Promise<RingDeployment> {
  const found = await ports.store.transaction({ tenant }, tx => tx.deployments.read(id))
  if (found !== undefined) return found
  throw new RingwayError({
    code: 'internal_error',
    message: `Deployment ${id} is to be shown and is not in the store.`,
    remedy: 'Please report this with the log of the App.',
  })
}
