import { RingwayError } from '../../domain/ringway-error.ts'
import type { Assignment, RunVerdict } from '../../domain/run-protocol.ts'
import { artifactName } from '../../domain/version.ts'
import type { PutBack } from '../end-badly.ts'
import { putBack } from '../put-back.ts'
import type { AssignmentPorts } from './assignment-ports.ts'
import { placementOf } from './fetch-assigned.ts'
import { findAssignedPlace } from './find-assigned-place.ts'

/**
 * Brings back on the target what a version displaced. A restoration that fails puts nothing back: what it would have replaced is what
 * somebody wanted gone, and the next attempt is a further deployment.
 *
 * @param current - what the ring points to, when the pointer has moved since the assignment
 */
export async function bringBack(
  ports: Omit<AssignmentPorts, 'control' | 'remember'>,
  assignment: Assignment,
  current: RunVerdict['current'],
): Promise<PutBack> {
  const { task, ring, previous, version, digest } = assignment
  if (task === 'restore') {
    const still = previous === undefined ? 'what it pointed to' : artifactName(previous)
    return { ok: true, words: `nothing was put back, ${ring} still points to ${still}` }
  }
  try {
    const place = await findAssignedPlace(ports, assignment)
    return await putBack(ports, {
      ...placementOf(assignment, place.ring),
      failed: { version, digest },
      baseline: current === undefined ? previousOf(assignment) : current.artifact,
    })
  } catch (error) {
    if (error instanceof RingwayError) return { ok: false, words: `could not put back: ${error.message}` }
    throw error
  }
}

/** Nothing ran before a version that is to be taken away, whatever it once displaced. */
function previousOf({ task, previous }: Assignment): Assignment['previous'] {
  return task === 'remove' ? undefined : previous
}
