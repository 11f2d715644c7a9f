import { nodeId } from '../../api/present/node-id.ts'
import { repositoryPage, repositoryUrl } from '../../api/present/repository.ts'
import type { World } from '../../world.ts'
import type { Workflow } from '../runs/workflow-run.ts'

/** GitHub's `workflow`. */
export function presentWorkflow(world: World, workflow: Workflow): Record<string, unknown> {
  const page = repositoryPage(world, workflow.repository)
  const file = workflow.path.slice(workflow.path.lastIndexOf('/') + 1)
  return {
    id: workflow.id,
    node_id: nodeId('W', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: workflow.createdAt,
    updated_at: workflow.updatedAt,
    url: `${repositoryUrl(world, workflow.repository)}/actions/workflows/${workflow.id}`,
    html_url: `${page}/blob/${workflow.repository.defaultBranch}/${workflow.path}`,
    badge_url: `${page}/workflows/${encodeURIComponent(file)}/badge.svg`,
  }
}
