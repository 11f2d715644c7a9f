import { mintInstallationToken } from '../../src/sandbox/world/mint-token.ts'
import { installApp, registerApp } from '../../src/sandbox/world/register-app.ts'
import type { Workbench } from './workbench.ts'

/** Puts an App before environments as their custom protection rule; it lets every job through as soon as it is asked. */
export async function guardByApp(bench: Workbench, environments: readonly string[]): Promise<void> {
  const { world } = bench.sandbox
  const account = bench.repository.owner
  const permissions = { deployments: 'write', actions: 'read' } as const
  const { app } = registerApp(world, {
    slug: 'guard',
    owner: account,
    permissions,
    events: ['deployment_protection_rule'],
  })
  const installation = installApp(world, { app, account })
  for (const environment of environments) {
    const route = `POST /environments/${environment}/deployment_protection_rules`
    const { status } = await bench.api(bench.alice, route, { integration_id: app.id })
    if (status !== 201) throw new Error(`the rule of ${environment} was answered ${status}`)
  }
  world.subscribe(event => {
    if (event.name !== 'deployment_protection_rule') return
    const runId = /runs\/(\d+)\//.exec(String(event.body['deployment_callback_url']))?.[1]
    const token = mintInstallationToken(world, { installation, permissions, repositoryIds: null }).value
    const answer = { environment_name: event.body['environment'], state: 'approved', comment: 'go' }
    void bench.api(token, `POST /actions/runs/${runId}/deployment_protection_rule`, answer)
  })
}
