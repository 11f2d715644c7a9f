import { repositoryPage } from '../api/present/repository.ts'
import type { World } from '../world.ts'
import type { Job } from './runs/workflow-run.ts'

/** The page of a job; GitHub puts it into the `log_url` of the job's deployment statuses. */
export function jobPage(world: World, job: Job): string {
  return `${repositoryPage(world, job.run.repository)}/actions/runs/${job.run.id}/job/${job.id}`
}
