import { RingwayError } from '../../domain/ringway-error.ts'
import type { Assignment } from '../../domain/run-protocol.ts'
import { findPlace, type Place } from '../find-place.ts'
import { readRings } from '../read-rings.ts'
import type { AssignmentPorts } from './assignment-ports.ts'

/**
 * The ring of an assignment in the ring file of the default branch: its commands and checks come from there, never from a message.
 *
 * @throws {RingwayError} `ring_file_missing`, `ring_file_invalid`, `unknown_ring`, `deployment_mismatch`
 */
export async function findAssignedPlace(
  ports: Pick<AssignmentPorts, 'repository' | 'journal' | 'ringFilePath' | 'readRingFile'>,
  assignment: Pick<Assignment, 'environment' | 'solution' | 'ring'>,
): Promise<Place> {
  const place = findPlace(await readRings(ports), assignment.environment)
  if (place.solution.name === assignment.solution && place.ring.name === assignment.ring) return place
  throw new RingwayError({
    code: 'deployment_mismatch',
    message: `The App calls ${assignment.environment} ${assignment.solution}/${assignment.ring}, and the ring file of the default branch ${place.solution.name}/${place.ring.name}.`,
    remedy: 'The ring file was changed meanwhile; promote again.',
  })
}
