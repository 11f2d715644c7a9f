import type { Team } from '../../world/account.ts'
import type { World } from '../../world.ts'
import { nodeId } from './node-id.ts'

/** GitHub's `team`. */
export function presentTeam(world: World, team: Team, permission = 'pull'): Record<string, unknown> {
  const url = `${world.apiUrl}/organizations/${team.organization.id}/team/${team.id}`
  return {
    id: team.id,
    node_id: nodeId('T', team.id),
    url,
    html_url: `${world.serverUrl}/orgs/${team.organization.login}/teams/${team.slug}`,
    name: team.name,
    slug: team.slug,
    description: '',
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    organization_id: team.organization.id,
    parent: null,
  }
}
