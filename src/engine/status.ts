import { activeDeployment, type DeploymentRecord, type RingHistory } from '../domain/deployment-history.ts'
import type { RingResult, RunResult } from '../domain/result.ts'
import type { Ring } from '../domain/ring.ts'
import { ringsInOrder } from '../domain/ring-order.ts'
import type { Solution } from '../domain/solution.ts'
import { artifactName } from '../domain/version.ts'
import type { DeployPorts } from './deploy-ports.ts'
import { readRings } from './read-rings.ts'
import { knowsThePointer, readRingHistory } from './ring-history.ts'

/** What a ring points to, and what happened there last. */
export interface RingStatus {
  readonly solution: string
  readonly ring: string
  readonly environment: string
  readonly active: DeploymentRecord | undefined
  readonly newest: DeploymentRecord | undefined
}

/** What reading the state of rings asks of the outside. */
export type StatusPorts = Pick<
  DeployPorts,
  'deployments' | 'versions' | 'repository' | 'journal' | 'ringFilePath' | 'readRingFile'
>

/** Reads every ring of every solution, in order. */
async function readStatus(ports: StatusPorts): Promise<readonly RingStatus[]> {
  const ringFile = await readRings(ports)
  const places = ringFile.solutions.flatMap(solution => ringsInOrder(solution).map(ring => ({ solution, ring })))
  return await Promise.all(places.map(place => readOne(ports, place)))
}

async function readOne(ports: StatusPorts, place: { solution: Solution; ring: Ring }): Promise<RingStatus> {
  const { solution, ring } = place
  const history: RingHistory = await readRingHistory(ports, {
    solution: solution.name,
    environment: ring.environment,
    enough: knowsThePointer,
  })
  return {
    solution: solution.name,
    ring: ring.name,
    environment: ring.environment,
    active: activeDeployment(history),
    newest: history.at(-1),
  }
}

/** The state of every ring as GitHub tells it, as the result of a run. */
export async function status(ports: StatusPorts): Promise<RunResult> {
  const rings = await readStatus(ports)
  return statusResult(
    rings.map(({ solution, ring, environment, active, newest }) => ({
      solution,
      ring,
      environment,
      version: active === undefined ? null : artifactName(active),
      digest: active?.digest ?? null,
      state: newest?.state ?? null,
      newest: newest === undefined ? null : artifactName(newest),
      url: active?.url ?? null,
    })),
  )
}

/** Rings as the result of a run. */
export function statusResult(rings: readonly RingResult[]): RunResult {
  const words = rings.map(({ ring, solution, version }) => `${solution}/${ring}: ${version ?? 'nothing'}`)
  return {
    schema_version: 1,
    command: 'status',
    decision: 'done',
    reason_code: 'ok',
    message: words.join(', '),
    rings,
  }
}
