import type { Ring } from '../../domain/ring.ts'
import type { Assignment } from '../../domain/run-protocol.ts'
import type { Placement } from '../../ports/target.ts'
import { fetchPlacement, type PlacementRequest } from '../fetch-placement.ts'
import type { AssignmentPorts } from './assignment-ports.ts'

/** What an assignment says of any version that it has placed: only which one differs. */
export function placementOf(
  assignment: Assignment,
  ring: Ring,
): Pick<PlacementRequest, 'solution' | 'ring' | 'deployment' | 'organisation'> {
  return {
    solution: assignment.solution,
    ring,
    // What people and commands know it by. Where GitHub has not opened its own yet, ours is as good a name.
    deployment: assignment.githubDeployment ?? assignment.deployment,
    organisation: assignment.organisation,
  }
}

/**
 * Pulls the artifact of an assignment by its digest, verifies it and unpacks it.
 *
 * @throws {RingwayError} `artifact_not_found`, `digest_mismatch`, `artifact_refused`, `store_unreachable`
 */
export async function fetchAssigned(
  ports: Pick<AssignmentPorts, 'artifacts' | 'work'>,
  assignment: Assignment,
  ring: Ring,
): Promise<Placement> {
  const { version, digest, previous, parameters } = assignment
  return await fetchPlacement(ports, { ...placementOf(assignment, ring), version, digest, previous, parameters })
}
