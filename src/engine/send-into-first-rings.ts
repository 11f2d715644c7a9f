import { activeDeployment, unfinished } from '../domain/deployment-history.ts'
import { firstRings } from '../domain/ring-order.ts'
import type { SendOn } from './build.ts'
import type { BuildPorts } from './build-ports.ts'
import type { Candidate } from './find-candidate.ts'
import type { Place } from './find-place.ts'
import { openPromotion } from './open-promotion.ts'
import { knowsThePointer, readRingHistory } from './ring-history.ts'

/**
 * Sends a version into the first rings that take pushes and point to something else: a revert sends the old version again, a push that
 * changes nothing sends none. A draft goes nowhere.
 */
export function sendIntoFirstRings(ports: BuildPorts): SendOn {
  return async ({ ringFile, solution, candidate }) => {
    const dispatched: { ring: string; run_url: string; deployment_id: number | null }[] = []
    if (candidate.version === undefined) return { dispatched }
    for (const ring of firstRings(solution).filter(one => one.deployOn === 'push')) {
      const place: Place = { ringFile, solution, ring }
      if (await isThereOrOnItsWay(ports, place, candidate)) continue
      const opened = await openPromotion(ports, {
        place,
        candidate,
        promotion: promotionId(`${ports.run.id}-${ring.environment}`),
        words: `pushed by @${ports.run.actor}`,
      })
      dispatched.push({ ring: ring.name, run_url: opened.runUrl, deployment_id: opened.deployment ?? null })
    }
    return { dispatched }
  }
}

/** A name for a promotion that a re-run of the same job finds again. */
function promotionId(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 64)
}

async function isThereOrOnItsWay(ports: BuildPorts, place: Place, candidate: Candidate): Promise<boolean> {
  const history = await readRingHistory(ports, {
    solution: place.solution.name,
    environment: place.ring.environment,
    enough: knowsThePointer,
  })
  // What an earlier attempt of this job opened is not on its way as long as no other run has taken it up.
  const newest = unfinished(history).findLast(record => record.runId !== ports.run.id)
  if (newest !== undefined) return newest.digest === candidate.digest
  return activeDeployment(history)?.digest === candidate.digest
}
