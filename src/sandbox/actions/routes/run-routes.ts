import { found } from '../../api/api-error.ts'
import { wrappedPageOf } from '../../api/page.ts'
import { ok, type RepositoryCall } from '../../api/route.ts'
import type { RoutePlugin } from '../../api/server.ts'
import { presentJob } from '../present/present-job.ts'
import { presentRun } from '../present/present-run.ts'
import type { ActionsRuntime } from '../runs/actions-runtime.ts'
import { currentAttempt, type RunAttempt, type WorkflowRun } from '../runs/workflow-run.ts'
import type { LogContent, LogTickets } from './log-tickets.ts'
import { matchesRunFilter } from './run-filter.ts'
import { zipArchive } from './zip-archive.ts'

const RUN = '/repos/{owner}/{repo}/actions/runs/{run_id}'

export function runOf({ store }: ActionsRuntime, call: RepositoryCall): WorkflowRun {
  return found(store.run(call.repository, call.id('run_id')))
}

function attemptOf(call: RepositoryCall, run: WorkflowRun): RunAttempt {
  return found(run.attempts.find(attempt => attempt.number === call.id('attempt_number')))
}

/** Runs, their attempts, jobs and logs: everything that only reads. */
export function runRoutes(runtime: ActionsRuntime, tickets: LogTickets): RoutePlugin {
  const { world, store } = runtime
  const needs = { actions: 'read' } as const
  const jobsPage = (call: RepositoryCall, attempts: readonly RunAttempt[]) =>
    wrappedPageOf(call, {
      key: 'jobs',
      all: attempts.flatMap(attempt => attempt.jobs),
      present: job => presentJob(world, job),
    })
  return server => {
    server.repositoryRoute({
      method: 'GET',
      path: '/repos/{owner}/{repo}/actions/runs',
      needs,
      handle: call => {
        const all = store.runsOf(call.repository).filter(run => matchesRunFilter(call, run))
        return wrappedPageOf(call, { key: 'workflow_runs', all, present: run => presentRun(world, run) })
      },
    })
    server.repositoryRoute({
      method: 'GET',
      path: RUN,
      needs,
      handle: call => ok(presentRun(world, runOf(runtime, call))),
    })
    server.repositoryRoute({
      method: 'GET',
      path: `${RUN}/attempts/{attempt_number}`,
      needs,
      handle: call => {
        const run = runOf(runtime, call)
        return ok(presentRun(world, run, attemptOf(call, run)))
      },
    })
    server.repositoryRoute({
      method: 'GET',
      path: `${RUN}/jobs`,
      needs,
      handle: call => {
        const run = runOf(runtime, call)
        return jobsPage(call, call.query('filter') === 'all' ? run.attempts : [currentAttempt(run)])
      },
    })
    server.repositoryRoute({
      method: 'GET',
      path: `${RUN}/attempts/{attempt_number}/jobs`,
      needs,
      handle: call => jobsPage(call, [attemptOf(call, runOf(runtime, call))]),
    })
    server.repositoryRoute({
      method: 'GET',
      path: `${RUN}/logs`,
      needs,
      handle: call => tickets.redirect(logArchive(currentAttempt(runOf(runtime, call)))),
    })
    server.repositoryRoute({
      method: 'GET',
      path: `${RUN}/attempts/{attempt_number}/logs`,
      needs,
      handle: call => tickets.redirect(logArchive(attemptOf(call, runOf(runtime, call)))),
    })
  }
}

function logArchive({ jobs, problems, notices }: RunAttempt): LogContent {
  const entries = jobs.map((job, index) => ({
    name: `${index}_${job.name.replaceAll('/', '')}.txt`,
    content: job.log.text(),
  }))
  const words = [...problems, ...notices]
  const startup = words.length === 0 ? [] : [{ name: 'startup.txt', content: `${words.join('\n')}\n` }]
  return { type: 'application/zip', body: zipArchive([...startup, ...entries]) }
}
