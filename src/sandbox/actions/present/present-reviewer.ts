import { nodeId } from '../../api/present/node-id.ts'
import { presentUser } from '../../api/present/user.ts'
import type { Team } from '../../world/account.ts'
import type { Reviewer } from '../../world/environment.ts'
import type { World } from '../../world.ts'

/** A required reviewer of an environment: a person or a team. */
export function presentReviewer(world: World, reviewer: Reviewer): Record<string, unknown> {
  const shown = reviewer.type === 'User' ? presentUser(world, reviewer.reviewer) : presentTeam(world, reviewer.reviewer)
  return { type: reviewer.type, reviewer: shown }
}

function presentTeam(world: World, team: Team): Record<string, unknown> {
  const url = `${world.apiUrl}/organizations/${team.organization.id}/team/${team.id}`
  return {
    id: team.id,
    node_id: nodeId('T', team.id),
    name: team.name,
    slug: team.slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    url,
    html_url: `${world.serverUrl}/orgs/${team.organization.login}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    parent: null,
  }
}
