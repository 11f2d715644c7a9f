import { presentDeployment } from '../../api/present/deployment.ts'
import { presentUser } from '../../api/present/user.ts'
import type { World } from '../../world.ts'
import { runUrl } from '../present/present-run.ts'
import { byActions } from '../runs/announce.ts'
import type { Job } from '../runs/workflow-run.ts'
import { announceReview } from './announce-review.ts'
import type { EnvironmentGate } from './environment-gate.ts'

/** Asks reviewers and Apps for their decision. */
export function announceGate(world: World, job: Job, gate: EnvironmentGate): void {
  if (gate.isReviewPending) announceReview(world, { job, gate, action: 'requested' })
  const { deployment, run } = job
  if (deployment === undefined) return
  for (const { rule } of gate.rules) {
    world.emit({
      ...byActions(run),
      name: 'deployment_protection_rule',
      action: 'requested',
      onlyApp: rule.app,
      body: {
        environment: gate.environment.name,
        event: run.trigger.event,
        sha: run.trigger.headSha,
        ref: run.trigger.ref,
        deployment_callback_url: `${runUrl(world, run)}/deployment_protection_rule`,
        deployment: presentDeployment(world, { repository: run.repository, deployment }),
        pull_requests: [],
        sender: presentUser(world, job.attempt.triggeringActor),
      },
    })
  }
}
