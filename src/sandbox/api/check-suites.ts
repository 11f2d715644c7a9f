import type { CheckSuite } from '../world/check.ts'
import { found } from './api-error.ts'
import { listed } from './check-runs.ts'
import { wrappedPageOf } from './page.ts'
import { presentCheckSuite } from './present/check-run.ts'
import { ok, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

export const checkSuiteRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-suites/{check_suite_id}',
    needs: { checks: 'read' },
    handle: async call => ok(await presentCheckSuite(world, call.repository, suiteIn(call))),
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs',
    needs: { checks: 'read' },
    handle: call => {
      const suite = suiteIn(call)
      return listed(
        world,
        call,
        call.repository.checkRuns.filter(run => run.suite === suite),
      )
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}/check-suites',
    needs: { checks: 'read' },
    handle: async call => {
      const { repository } = call
      const sha = found(await repository.git.commitOf(call.param('ref')))
      return wrappedPageOf(call, {
        key: 'check_suites',
        all: repository.checkSuites.filter(suite => suite.headSha === sha),
        present: suite => presentCheckSuite(world, repository, suite),
      })
    },
  })
}

function suiteIn(call: RepositoryCall): CheckSuite {
  const id = call.id('check_suite_id')
  return found(call.repository.checkSuites.find(suite => suite.id === id))
}
