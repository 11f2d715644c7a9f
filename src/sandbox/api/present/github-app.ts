import type { GithubApp } from '../../world/github-app.ts'
import type { World } from '../../world.ts'
import { nodeId } from './node-id.ts'
import { presentUser } from './user.ts'

/** GitHub's `integration`. */
export function presentApp(world: World, app: GithubApp): Record<string, unknown> {
  const page = `${world.serverUrl}/apps/${app.slug}`
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    client_id: app.clientId,
    owner: presentUser(world, app.owner),
    name: app.name,
    description: '',
    external_url: page,
    html_url: page,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  }
}

export function presentNullableApp(world: World, app: GithubApp | null): Record<string, unknown> | null {
  return app === null ? null : presentApp(world, app)
}
