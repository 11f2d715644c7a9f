import type { World } from '../../world.ts'
import { presentJobCheckRun } from '../present/present-job-check-run.ts'
import { byActions } from './announce.ts'
import type { Job } from './workflow-run.ts'

/** Tells the world of a job's check run. */
export function announceCheckRun(world: World, job: Job, action: 'created' | 'completed'): void {
  world.emit({
    ...byActions(job.run),
    name: 'check_run',
    action,
    body: { check_run: presentJobCheckRun(world, job) },
  })
}
