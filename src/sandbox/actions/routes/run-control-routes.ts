import { z } from 'zod'
import { accountOf } from '../../api/actor.ts'
import { ApiError } from '../../api/api-error.ts'
import { created, type Reply, type RepositoryCall } from '../../api/route.ts'
import type { RoutePlugin } from '../../api/server.ts'
import type { ActionsRuntime } from '../runs/actions-runtime.ts'
import { keptInRerun } from '../runs/kept-in-rerun.ts'
import type { RunDesk } from '../runs/run-desk.ts'
import { currentAttempt, type WorkflowRun } from '../runs/workflow-run.ts'
import { runOf } from './run-routes.ts'

const rerunBody = z.object({ enable_debug_logging: z.boolean().optional() })
// GitHub's limit of attempts.
const MAX_ATTEMPTS = 50

/** @throws {ApiError} 403 for a run that cannot be started again now */
export function demandRerunnable(run: WorkflowRun): void {
  const attempt = currentAttempt(run)
  if (attempt.status !== 'completed') throw new ApiError(403, 'This workflow is already running')
  if (attempt.number > MAX_ATTEMPTS)
    throw new ApiError(403, `Unable to retry this workflow run more than ${MAX_ATTEMPTS} times`)
}

/** Cancelling and starting again. */
export function runControlRoutes(runtime: ActionsRuntime, desk: RunDesk): RoutePlugin {
  const route = (path: string, handle: (call: RepositoryCall, run: WorkflowRun) => Reply) => ({
    method: 'POST' as const,
    path: `/repos/{owner}/{repo}/actions/runs/{run_id}/${path}`,
    needs: { actions: 'write' } as const,
    handle: (call: RepositoryCall) => handle(call, runOf(runtime, call)),
  })
  const accepted = (isStopped: boolean): Reply => {
    if (!isStopped) throw new ApiError(409, 'Cannot cancel a workflow run that is completed')
    return { status: 202, body: {} }
  }
  return server => {
    server.repositoryRoute(route('cancel', (_, run) => accepted(desk.cancel(run))))
    server.repositoryRoute(route('force-cancel', (_, run) => accepted(desk.forceCancel(run))))
    server.repositoryRoute(
      route('rerun', (call, run) => {
        call.read(rerunBody)
        demandRerunnable(run)
        desk.rerun(run, accountOf(call.actor), [])
        return created({})
      }),
    )
    server.repositoryRoute(
      route('rerun-failed-jobs', (call, run) => {
        call.read(rerunBody)
        demandRerunnable(run)
        const attempt = currentAttempt(run)
        const failed = attempt.jobs.filter(job => job.result === 'failure' || job.result === 'cancelled')
        desk.rerun(run, accountOf(call.actor), keptInRerun(attempt, failed))
        return created({})
      }),
    )
  }
}
