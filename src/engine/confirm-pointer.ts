import { activeDeployment, type DeploymentRecord, type RingHistory } from '../domain/deployment-history.ts'
import { movePointer, ringPointer } from '../domain/ring-pointer.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import { artifactName } from '../domain/version.ts'
import type { DeployPorts } from './deploy-ports.ts'
import type { Place } from './find-place.ts'
import { readRingHistory } from './ring-history.ts'

/** Another deployment became active in the ring since this run decided. */
export class PointerMovedError extends RingwayError {
  /** What the ring points to now: what has to run on the target. */
  readonly holder: DeploymentRecord | undefined

  constructor(ring: string, holder: DeploymentRecord | undefined) {
    super({
      code: 'pointer_moved',
      message: `${ring} points to ${holder === undefined ? 'nothing' : artifactName(holder)} now, and not to what it pointed to when this run decided.`,
      remedy:
        'Deploy again if it should still go in; the workflow needs the `concurrency` group that the README shows.',
    })
    this.holder = holder
  }
}

/**
 * Looks once more, right before the pointer moves: what was decided holds only for the baseline that was seen then.
 *
 * @param seen - the ring's history as it was when the gates were asked
 * @throws {PointerMovedError}
 */
export async function confirmPointer(
  ports: Pick<DeployPorts, 'deployments' | 'versions'>,
  ring: { readonly place: Place; readonly seen: RingHistory; readonly to: number },
): Promise<void> {
  const { place, seen, to } = ring
  const now = await readRingHistory(ports, {
    solution: place.solution.name,
    environment: place.ring.environment,
    except: to,
    enough: read => activeDeployment(read) !== undefined,
  })
  const { revision } = ringPointer(place.ring.name, activeDeployment(seen)?.id)
  const current = activeDeployment(now)
  const move = movePointer(ringPointer(place.ring.name, current?.id), { expectedRevision: revision, to })
  if (move.kind === 'stale') throw new PointerMovedError(place.ring.name, current)
}
