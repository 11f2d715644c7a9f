import type { World } from '../../world.ts'
import type { Scope } from '../expression/evaluate-expression.ts'
import { evaluateText } from '../expression/evaluate-template.ts'
import { jobPage } from '../job-page.ts'
import { createJobLog } from '../runner/job-log.ts'
import { createMasker } from '../runner/masker.ts'
import type { JobDefinition } from '../workflow/job-definition.ts'
import { textsOf } from '../workflow/template-node.ts'
import type { Job, RunAttempt, WorkflowRun } from './workflow-run.ts'

/** Adds a job to an attempt, with its check run. */
export function createJob(
  world: World,
  request: {
    readonly run: WorkflowRun
    readonly attempt: RunAttempt
    readonly definition: JobDefinition
    readonly scope: Scope
  },
): Job {
  const { run, attempt, definition, scope } = request
  const id = world.nextId('job')
  const name = jobName(definition, scope)
  const masker = createMasker()
  const job: Job = {
    id,
    run,
    attempt,
    definition,
    name,
    labels: textsOf(definition.runsOn),
    createdAt: world.now(),
    checkRun: {
      id,
      name,
      headSha: run.trigger.headSha,
      suite: run.suite,
      app: world.actionsApp,
      externalId: `${run.id}-${definition.key}`,
      detailsUrl: '',
      status: 'queued',
      conclusion: null,
      startedAt: null,
      completedAt: null,
      output: { title: null, summary: null, text: null, annotations: [] },
      actions: [],
    },
    masker,
    log: createJobLog(world.clock, masker),
    steps: [],
    annotations: [],
    cancelled: new AbortController(),
    forced: new AbortController(),
    environment: undefined,
    deployment: undefined,
    gate: undefined,
    status: 'queued',
    conclusion: null,
    result: null,
    runnerName: null,
    startedAt: null,
    completedAt: null,
    summary: '',
    outputs: {},
  }
  job.checkRun.detailsUrl = jobPage(world, job)
  attempt.jobs.push(job)
  run.repository.checkRuns.push(job.checkRun)
  return job
}

function jobName(definition: JobDefinition, scope: Scope): string {
  try {
    return evaluateText(definition.name, scope) || definition.key
  } catch {
    // A name is no reason to fail; what is wrong with its expression shows where a value is needed.
    return definition.key
  }
}
