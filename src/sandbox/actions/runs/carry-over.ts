import type { Job } from './workflow-run.ts'

/** Takes the outcome of a job that a re-run leaves alone over from the attempt before. */
export function carryOver(job: Job, earlier: Job): void {
  const { outputs, status, conclusion, result, environment, deployment, runnerName, startedAt, completedAt } = earlier
  Object.assign(job, {
    outputs,
    status,
    conclusion,
    result,
    environment,
    deployment,
    runnerName,
    startedAt,
    completedAt,
  })
  job.summary = earlier.summary
  job.steps.push(...earlier.steps)
  job.annotations.push(...earlier.annotations)
  job.log.write(earlier.log.text().trimEnd())
  Object.assign(job.checkRun, {
    status: earlier.checkRun.status,
    conclusion: earlier.checkRun.conclusion,
    startedAt: earlier.checkRun.startedAt,
    completedAt: earlier.checkRun.completedAt,
    output: earlier.checkRun.output,
  })
}
