import type { Installation } from '../../world/github-app.ts'
import type { World } from '../../world.ts'
import { presentUser } from './user.ts'

export function presentInstallation(world: World, installation: Installation): Record<string, unknown> {
  const url = `${world.apiUrl}/app/installations/${installation.id}`
  return {
    id: installation.id,
    client_id: installation.app.clientId,
    account: presentUser(world, installation.account),
    repository_selection: installation.repositoryIds === null ? 'all' : 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${world.apiUrl}/installation/repositories`,
    html_url: `${world.serverUrl}/settings/installations/${installation.id}`,
    app_id: installation.app.id,
    app_slug: installation.app.slug,
    target_id: installation.account.id,
    target_type: installation.account.type,
    permissions: installation.permissions,
    events: installation.events,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: installation.suspendedAt,
  }
}
