import { presentDeployment } from '../../api/present/deployment.ts'
import type { WorldEvent } from '../../world/event.ts'
import type { World } from '../../world.ts'
import { presentJob } from '../present/present-job.ts'
import { presentRun } from '../present/present-run.ts'
import { presentWorkflow } from '../present/present-workflow.ts'
import type { Job, WorkflowRun } from './workflow-run.ts'

/** Tells the world that a run began or ended. */
export function announceRun(world: World, run: WorkflowRun, action: 'requested' | 'in_progress' | 'completed'): void {
  world.emit({
    ...byActions(run),
    name: 'workflow_run',
    action,
    body: { workflow_run: presentRun(world, run), workflow: presentWorkflow(world, run.workflow) },
  })
}

/** Tells the world of a job's new state. */
export function announceJob(world: World, job: Job, action: 'queued' | 'waiting' | 'in_progress' | 'completed'): void {
  const { deployment, run } = job
  const shown = { repository: run.repository, deployment }
  world.emit({
    ...byActions(run),
    name: 'workflow_job',
    action,
    body: {
      workflow_job: presentJob(world, job),
      ...(deployment === undefined ? {} : { deployment: presentDeployment(world, { ...shown, deployment }) }),
    },
  })
}

type EventOrigin = Pick<WorldEvent, 'repository' | 'sender' | 'byJobToken'>

/** Events about Actions itself: webhooks hear of them, and no workflow is started, or runs would start runs for ever. */
export function byActions(run: WorkflowRun): EventOrigin {
  return { repository: run.repository, sender: run.trigger.actor, byJobToken: true }
}
