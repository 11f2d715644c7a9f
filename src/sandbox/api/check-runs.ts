import { announceCheckRun } from '../checks/announce-check-run.ts'
import { type CheckRunFields, checkRunFields, newCheckRun, outputAfter } from '../checks/read-check-run.ts'
import { suiteOf } from '../checks/suite-of.ts'
import type { CheckRun } from '../world/check.ts'
import type { GithubApp } from '../world/github-app.ts'
import type { World } from '../world.ts'
import { appOf } from './actor.ts'
import { ApiError, forbiddenToIntegration, found } from './api-error.ts'
import { pageOf, wrappedPageOf } from './page.ts'
import { presentAnnotation, presentCheckRun } from './present/check-run.ts'
import { created, ok, type Reply, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

export const checkRunRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/check-runs',
    needs: { checks: 'write' },
    handle: call => createCheckRun(world, call),
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-runs/{check_run_id}',
    needs: { checks: 'read' },
    handle: call => ok(presentCheckRun(world, call.repository, checkRunIn(call))),
  })
  server.repositoryRoute({
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/check-runs/{check_run_id}',
    needs: { checks: 'write' },
    handle: call => {
      const run = checkRunIn(call)
      if (checkApp(call) !== run.app)
        throw new ApiError(
          403,
          `Invalid app_id \`${run.app.id}\` - check run can only be modified by the GitHub App that created it.`,
        )
      const before = run.status
      change(world, run, call.read(checkRunFields))
      const isCompleted = before !== 'completed' && run.status === 'completed'
      if (isCompleted) announceCheckRun(world, { ...call, run, action: 'completed' })
      return ok(presentCheckRun(world, call.repository, run))
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
    needs: { checks: 'read' },
    handle: call => {
      const { output, headSha: sha } = checkRunIn(call)
      return pageOf(call, {
        all: output.annotations,
        present: annotation => presentAnnotation(world, call.repository, { annotation, sha }),
      })
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest',
    needs: { checks: 'write' },
    handle: call => {
      announceCheckRun(world, { ...call, run: checkRunIn(call), action: 'rerequested' })
      return created({})
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}/check-runs',
    needs: { checks: 'read' },
    handle: async call => {
      const sha = found(await call.repository.git.commitOf(call.param('ref')))
      return listed(
        world,
        call,
        call.repository.checkRuns.filter(run => run.headSha === sha),
      )
    },
  })
}

function checkRunIn(call: RepositoryCall): CheckRun {
  const id = call.id('check_run_id')
  return found(call.repository.checkRuns.find(run => run.id === id))
}

/** Only Apps (and jobs) may write check runs. */
function checkApp(call: RepositoryCall): GithubApp {
  const app = appOf(call.actor)
  if (app === null) throw new ApiError(403, 'You must authenticate via a GitHub App.')
  if (call.actor.kind === 'app') throw forbiddenToIntegration()
  return app
}

async function createCheckRun(world: World, call: RepositoryCall): Promise<Reply> {
  const { repository } = call
  const app = checkApp(call)
  const body = call.read(newCheckRun)
  if ((await repository.git.typeOf(body.head_sha)) !== 'commit')
    throw new ApiError(422, `No commit found for SHA: ${body.head_sha}`)
  const run: CheckRun = {
    id: world.nextId('check_run'),
    name: body.name,
    headSha: body.head_sha,
    suite: await suiteOf(world, repository, { app, sha: body.head_sha }),
    app,
    externalId: '',
    detailsUrl: '',
    status: 'queued',
    conclusion: null,
    startedAt: world.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null, annotations: [] },
    actions: [],
  }
  change(world, run, body)
  repository.checkRuns.push(run)
  announceCheckRun(world, { ...call, run, action: 'created' })
  if (run.status === 'completed') announceCheckRun(world, { ...call, run, action: 'completed' })
  return created(presentCheckRun(world, repository, run))
}

/** A conclusion completes the run, and completing it needs a conclusion. */
function change(world: World, run: CheckRun, given: CheckRunFields): void {
  const status = given.conclusion === undefined ? given.status : 'completed'
  if (status === 'completed' && given.conclusion === undefined && run.conclusion === null) {
    throw new ApiError(422, 'Invalid request.\n\nFor \'completed\' status, missing required parameter: "conclusion".')
  }
  run.name = given.name ?? run.name
  run.externalId = given.external_id ?? run.externalId
  run.detailsUrl = given.details_url ?? run.detailsUrl
  run.startedAt = given.started_at ?? run.startedAt
  run.status = status ?? run.status
  if (status !== undefined && status !== 'completed') {
    run.conclusion = null
    run.completedAt = null
  }
  run.conclusion = given.conclusion ?? run.conclusion
  if (run.status === 'completed') run.completedAt = given.completed_at ?? run.completedAt ?? world.now()
  if (given.output !== undefined) run.output = outputAfter(run.output, given.output)
  run.actions = given.actions ?? run.actions
}

/** Check runs as lists show them: filtered, and (unless `filter=all`) only the newest of each name and suite. */
export function listed(world: World, call: RepositoryCall, runs: readonly CheckRun[]): Promise<Reply> {
  const { repository, query } = call
  const wanted = runs.filter(
    run =>
      (query('check_name') ?? run.name) === run.name &&
      (query('status') ?? run.status) === run.status &&
      (query('app_id') ?? String(run.app.id)) === String(run.app.id),
  )
  const newest = new Map(wanted.map(run => [`${run.suite.id} ${run.name}`, run]))
  const all = query('filter') === 'all' ? wanted : [...newest.values()]
  return wrappedPageOf(call, {
    key: 'check_runs',
    all: all.toReversed(),
    present: run => presentCheckRun(world, repository, run),
  })
}
