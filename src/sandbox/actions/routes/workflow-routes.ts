import { z } from 'zod'
import { accountOf } from '../../api/actor.ts'
import { found, validationFailed } from '../../api/api-error.ts'
import { wrappedPageOf } from '../../api/page.ts'
import { noContent, ok, type RepositoryCall } from '../../api/route.ts'
import type { RoutePlugin } from '../../api/server.ts'
import { presentRun, runPage, runUrl } from '../present/present-run.ts'
import { presentWorkflow } from '../present/present-workflow.ts'
import type { ActionsRuntime } from '../runs/actions-runtime.ts'
import type { RunDesk } from '../runs/run-desk.ts'
import type { Workflow } from '../runs/workflow-run.ts'
import { dispatchBody } from '../triggers/dispatch-run.ts'
import { repositoryDispatchEvent } from '../triggers/repository-dispatch.ts'
import { matchesRunFilter } from './run-filter.ts'

const repositoryDispatchBody = z.object({
  event_type: z.string().min(1).max(100),
  client_payload: z.record(z.string(), z.unknown()).default({}),
})

// GitHub's limits of a repository dispatch.
const MAX_PAYLOAD_KEYS = 10
const MAX_PAYLOAD_BYTES = 65_535

/** Workflows, and the two ways to start a run from outside. */
export function workflowRoutes(runtime: ActionsRuntime, desk: RunDesk): RoutePlugin {
  const { world, store } = runtime
  const base = '/repos/{owner}/{repo}/actions/workflows'
  const workflowOf = async (call: RepositoryCall): Promise<Workflow> => {
    const name = call.param('workflow_id')
    const workflows = await desk.refreshWorkflows(call.repository)
    return found(workflows.find(({ id, path }) => String(id) === name || path === `.github/workflows/${name}`))
  }
  return server => {
    server.repositoryRoute({
      method: 'GET',
      path: base,
      needs: { actions: 'read' },
      handle: async call => {
        const all = await desk.refreshWorkflows(call.repository)
        return await wrappedPageOf(call, { key: 'workflows', all, present: each => presentWorkflow(world, each) })
      },
    })
    server.repositoryRoute({
      method: 'GET',
      path: `${base}/{workflow_id}`,
      needs: { actions: 'read' },
      handle: async call => ok(presentWorkflow(world, await workflowOf(call))),
    })
    server.repositoryRoute({
      method: 'GET',
      path: `${base}/{workflow_id}/runs`,
      needs: { actions: 'read' },
      handle: async call => {
        const workflow = await workflowOf(call)
        const all = store
          .runsOf(call.repository)
          .filter(run => run.workflow.id === workflow.id && matchesRunFilter(call, run))
        return await wrappedPageOf(call, { key: 'workflow_runs', all, present: run => presentRun(world, run) })
      },
    })
    server.repositoryRoute({
      method: 'POST',
      path: `${base}/{workflow_id}/dispatches`,
      needs: { actions: 'write' },
      handle: async call => {
        const { ref, inputs, return_run_details: wantsDetails } = call.read(dispatchBody)
        const { path } = await workflowOf(call)
        const { repository, actor } = call
        const byJobToken = actor.kind === 'job'
        const run = await desk.dispatch({ repository, path, ref, inputs, sender: accountOf(actor), byJobToken })
        if (!wantsDetails) return noContent()
        return ok({ workflow_run_id: run.id, run_url: runUrl(world, run), html_url: runPage(world, run) })
      },
    })
    server.repositoryRoute({
      method: 'POST',
      path: '/repos/{owner}/{repo}/dispatches',
      needs: { contents: 'write' },
      handle: call => {
        const { event_type: eventType, client_payload: payload } = call.read(repositoryDispatchBody)
        const isTooLarge = Buffer.byteLength(JSON.stringify(payload)) > MAX_PAYLOAD_BYTES
        if (Object.keys(payload).length > MAX_PAYLOAD_KEYS || isTooLarge)
          throw validationFailed({ resource: 'RepositoryDispatch', field: 'client_payload', code: 'custom' })
        const { repository, actor } = call
        world.emit(repositoryDispatchEvent({ repository, sender: accountOf(actor), eventType, payload }))
        return noContent()
      },
    })
  }
}
