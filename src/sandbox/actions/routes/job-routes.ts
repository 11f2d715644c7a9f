import { z } from 'zod'
import { accountOf } from '../../api/actor.ts'
import { found } from '../../api/api-error.ts'
import { created, ok, type RepositoryCall } from '../../api/route.ts'
import type { RoutePlugin } from '../../api/server.ts'
import { presentJob } from '../present/present-job.ts'
import type { ActionsRuntime } from '../runs/actions-runtime.ts'
import { keptInRerun } from '../runs/kept-in-rerun.ts'
import type { RunDesk } from '../runs/run-desk.ts'
import { currentAttempt, type Job } from '../runs/workflow-run.ts'
import type { LogTickets } from './log-tickets.ts'
import { demandRerunnable } from './run-control-routes.ts'

const JOB = '/repos/{owner}/{repo}/actions/jobs/{job_id}'
const rerunBody = z.object({ enable_debug_logging: z.boolean().optional() })

/** One job: its state, its log, and running it again. */
export function jobRoutes({ world, store }: ActionsRuntime, desk: RunDesk, tickets: LogTickets): RoutePlugin {
  const jobOf = (call: RepositoryCall): Job => found(store.job(call.repository, call.id('job_id')))
  return server => {
    server.repositoryRoute({
      method: 'GET',
      path: JOB,
      needs: { actions: 'read' },
      handle: call => ok(presentJob(world, jobOf(call))),
    })
    server.repositoryRoute({
      method: 'GET',
      path: `${JOB}/logs`,
      needs: { actions: 'read' },
      handle: call => tickets.redirect({ type: 'text/plain; charset=utf-8', body: jobOf(call).log.text() }),
    })
    server.repositoryRoute({
      method: 'POST',
      path: `${JOB}/rerun`,
      needs: { actions: 'write' },
      handle: call => {
        call.read(rerunBody)
        const job = jobOf(call)
        demandRerunnable(job.run)
        const attempt = currentAttempt(job.run)
        const again = attempt.jobs.filter(({ definition }) => definition.key === job.definition.key)
        desk.rerun(job.run, accountOf(call.actor), keptInRerun(attempt, again))
        return created({})
      },
    })
  }
}
