import { activeDeployment, autoPromotionHeld } from '../domain/deployment-history.ts'
import type { Ring } from '../domain/ring.ts'
import { nextRings } from '../domain/ring-order.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { DeployPorts } from './deploy-ports.ts'
import type { Candidate } from './find-candidate.ts'
import type { Place } from './find-place.ts'
import { openPromotion } from './open-promotion.ts'
import { askGates } from './read-facts.ts'
import { readOnce } from './read-once.ts'
import { readRingHistory } from './ring-history.ts'

/**
 * Sends a version that became active on into the rings that take it by themselves. A ring that was rolled back takes nothing by itself
 * until somebody promotes into it; a gate that holds is said and not waited for, because no App is there to wait.
 */
export async function promoteOnward(
  ports: DeployPorts,
  from: { readonly place: Place; readonly candidate: Candidate },
): Promise<{ ring: string; run_url: string }[]> {
  const { place, candidate } = from
  const started: { ring: string; run_url: string }[] = []
  for (const ring of nextRings(place.solution, place.ring).filter(next => next.promote === 'auto')) {
    const runUrl = await tryToPromote(ports, { place: { ...place, ring }, candidate })
    if (runUrl !== undefined) started.push({ ring: ring.name, run_url: runUrl })
  }
  return started
}

async function tryToPromote(
  ports: DeployPorts,
  to: { readonly place: Place; readonly candidate: Candidate },
): Promise<string | undefined> {
  const { place, candidate } = to
  try {
    const held = await whyHeld({ ...ports, deployments: readOnce(ports.deployments) }, to)
    if (held === undefined) {
      const promotion = `${ports.run.id}-${place.ring.environment}`.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 64)
      return (await openPromotion(ports, { place, candidate, promotion, words: 'promoted automatically' })).runUrl
    }
    sayHeld(ports, place.ring, `${candidate.name} does not go on into ${place.ring.name} by itself: ${held}.`)
  } catch (error) {
    // The version is active here whatever happens to the next ring.
    if (!(error instanceof RingwayError)) throw error
    sayHeld(ports, place.ring, `${candidate.name} could not be sent on into ${place.ring.name}: ${error.message}`)
  }
  return undefined
}

async function whyHeld(
  ports: DeployPorts,
  { place, candidate }: { readonly place: Place; readonly candidate: Candidate },
): Promise<string | undefined> {
  const history = await readRingHistory(ports, {
    solution: place.solution.name,
    environment: place.ring.environment,
    // Nothing before the active one matters here: whether versions may move in is decided by what came last.
    enough: read => activeDeployment(read) !== undefined,
  })
  if (activeDeployment(history)?.digest === candidate.digest) return 'the ring points to it already'
  if (autoPromotionHeld(history)) return 'it was rolled back, and nobody has promoted into it since'
  const { decision, verdicts } = await askGates(ports, { place, candidate, history })
  if (decision === 'pass') return undefined
  return verdicts
    .filter(gate => gate.verdict !== 'pass')
    .map(gate => gate.words)
    .join('; ')
}

function sayHeld(ports: Pick<DeployPorts, 'journal'>, ring: Ring, words: string): void {
  ports.journal.say(`${words} Run the workflow with environment ${ring.environment} when it may.`)
}
