import type { DeploymentRecord } from '../domain/deployment-history.ts'
import type { CommandTarget, Ring } from '../domain/ring.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import { durationMs } from '../domain/units.ts'
import { artifactName } from '../domain/version.ts'
import type { Placement, TargetOutcome } from '../ports/target.ts'
import type { DeployPorts } from './deploy-ports.ts'
import type { PutBack } from './end-badly.ts'
import { fetchPlacement, type PlacementRequest } from './fetch-placement.ts'

/** What failed, and what ran before it. */
export interface PutBackRequest {
  readonly solution: string
  readonly ring: Ring
  readonly deployment: number
  /** The version that the target holds and should not. */
  readonly failed: Pick<PlacementRequest, 'version' | 'digest'>
  /** What the ring points to; absent: nothing ran before. */
  readonly baseline: Pick<DeploymentRecord, 'version' | 'digest'> | undefined
  readonly organisation: PlacementRequest['organisation']
}

/** What bringing back asks of the outside. */
export type PutBackPorts = Pick<DeployPorts, 'artifacts' | 'work' | 'target' | 'clock' | 'journal'>

const attempts = 3

/**
 * Brings back on the target what ran before a version that failed: the baseline, or nothing when nothing ran before. Tried three
 * times, because this is the step that must not be lost to a passing fault.
 */
export async function putBack(ports: PutBackPorts, request: PutBackRequest): Promise<PutBack> {
  const { baseline } = request
  const what =
    baseline === undefined ? `${artifactName(request.failed)} is taken away` : `${artifactName(baseline)} runs again`
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryToPutBack(ports, request)
    if (outcome.kind === 'done') return { ok: true, words: what }
    ports.journal.say(`Could not put back: ${outcome.words}\n${outcome.evidence}`)
    if (attempt === attempts) return { ok: false, words: `could not put back: ${outcome.words}` }
    await ports.clock.sleep(durationMs(1_000 * attempt))
  }
}

async function tryToPutBack(ports: PutBackPorts, request: PutBackRequest): Promise<TargetOutcome> {
  const { baseline, failed, ring } = request
  const target: CommandTarget = ring.deploy
  const common = { ...request, previous: failed }
  try {
    if (baseline === undefined) {
      const placement = await fetchPlacement(ports, { ...common, ...failed, previous: undefined })
      return await ports.target.remove(target, placement)
    }
    const placement: Placement = await fetchPlacement(ports, {
      ...common,
      version: baseline.version,
      digest: baseline.digest,
    })
    return await ports.target.restore(target, placement)
  } catch (error) {
    if (error instanceof RingwayError) return { kind: 'failed', words: error.message, evidence: error.remedy }
    throw error
  }
}
