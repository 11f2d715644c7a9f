import { nodeId } from '../api/present/node-id.ts'
import { presentRepository } from '../api/present/repository.ts'
import { presentOrganization, presentUser } from '../api/present/user.ts'
import type { WorldEvent } from '../world/event.ts'
import type { Installation } from '../world/github-app.ts'
import type { World } from '../world.ts'

/** The whole body of a webhook; without an installation it is also what a job sees as `github.event`. */
export function eventPayload(world: World, event: WorldEvent, installation?: Installation): Record<string, unknown> {
  const owner = event.repository?.owner
  const payload = {
    ...(event.action === null ? {} : { action: event.action }),
    ...(event.repository === null ? {} : { repository: presentRepository(world, event.repository) }),
    ...(owner?.type === 'Organization' ? { organization: presentOrganization(world, owner) } : {}),
    ...(installation === undefined
      ? {}
      : { installation: { id: installation.id, node_id: nodeId('IN', installation.id) } }),
    sender: presentUser(world, event.sender),
    ...event.body,
  }
  // As the receiver will read it: dates are text.
  return JSON.parse(JSON.stringify(payload))
}
