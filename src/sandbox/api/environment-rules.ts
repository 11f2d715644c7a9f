import { z } from 'zod'
import type { GithubApp } from '../world/github-app.ts'
import { grants } from '../world/permission.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { ApiError, found, validationFailed } from './api-error.ts'
import { environmentIn } from './environments.ts'
import { wrappedPageOf } from './page.ts'
import { presentCustomRule, presentRuleApp } from './present/environment.ts'
import { created, noContent, ok, type Reply } from './route.ts'
import type { RoutePlugin } from './server.ts'

const ROOT = '/repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules'
const MAX_RULES = 6
const newRule = z.object({ integration_id: z.int() })

/** Custom deployment protection rules of an environment. */
export const environmentRuleRoutes: RoutePlugin = (server, { world }) => {
  server.repositoryRoute({
    method: 'GET',
    path: ROOT,
    needs: { actions: 'read' },
    // This list has no pages, and puts the count behind its own key.
    handle: (call): Reply => {
      const rules = environmentIn(call).customRules
      return ok({
        total_count: rules.length,
        custom_deployment_protection_rules: rules.map(rule => presentCustomRule(world, rule)),
      })
    },
  })
  server.repositoryRoute({
    method: 'POST',
    path: ROOT,
    needs: { administration: 'write' },
    handle: call => {
      const environment = environmentIn(call)
      const { integration_id: id } = call.read(newRule)
      const app = availableApps(world, call.repository).find(each => each.id === id)
      if (app === undefined) throw validationFailed({ field: 'integration_id', code: 'invalid' })
      const { customRules } = environment
      if (customRules.some(rule => rule.app === app))
        throw validationFailed({ field: 'integration_id', code: 'already_exists' })
      if (customRules.length >= MAX_RULES) throw new ApiError(422, `An environment has at most ${MAX_RULES} rules.`)
      const rule = { id: world.nextId('protection_rule'), app, enabled: true }
      customRules.push(rule)
      return created(presentCustomRule(world, rule))
    },
  })
  server.repositoryRoute({
    method: 'GET',
    path: `${ROOT}/apps`,
    needs: { actions: 'read' },
    handle: call =>
      wrappedPageOf(call, {
        key: 'available_custom_deployment_protection_rule_integrations',
        all: availableApps(world, call.repository),
        present: app => presentRuleApp(world, app),
      }),
  })
  server.repositoryRoute({
    method: 'GET',
    path: `${ROOT}/{protection_rule_id}`,
    needs: { actions: 'read' },
    handle: call => {
      const id = call.id('protection_rule_id')
      return ok(presentCustomRule(world, found(environmentIn(call).customRules.find(rule => rule.id === id))))
    },
  })
  server.repositoryRoute({
    method: 'DELETE',
    path: `${ROOT}/{protection_rule_id}`,
    needs: { administration: 'write' },
    handle: call => {
      const { customRules } = environmentIn(call)
      const id = call.id('protection_rule_id')
      customRules.splice(customRules.indexOf(found(customRules.find(rule => rule.id === id))), 1)
      return noContent()
    },
  })
}

/** Apps that may be a rule here: installed, told of the event, and able to write deployments. */
function availableApps(world: World, repository: Repository): GithubApp[] {
  return [...world.installations.values()]
    .filter(({ account, repositoryIds }) => account === repository.owner && (repositoryIds?.has(repository.id) ?? true))
    .filter(({ events }) => events.includes('deployment_protection_rule'))
    .filter(({ permissions }) => grants(permissions, { deployments: 'write', actions: 'read' }))
    .map(({ app }) => app)
}
