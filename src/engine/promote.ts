import { activeDeployment } from '../domain/deployment-history.ts'
import type { RunResult } from '../domain/result.ts'
import type { DeployPorts } from './deploy-ports.ts'
import { describeChange } from './describe-change.ts'
import { findCandidate } from './find-candidate.ts'
import { findPlace } from './find-place.ts'
import { openPromotion } from './open-promotion.ts'
import { askGates } from './read-facts.ts'
import { readOnce } from './read-once.ts'
import { readOrganisationLayer } from './read-organisation.ts'
import { readRings } from './read-rings.ts'
import { knowsThePointer, readRingHistory } from './ring-history.ts'

/** A version to send into a ring. */
export interface PromoteRequest {
  /** The environment of the ring to enter. */
  readonly environment: string
  readonly artifact: string | undefined
  readonly reason: string | undefined
  readonly dryRun: boolean
}

/**
 * Opens a promotion where there is no App: asks the ring's gates and dispatches the workflow. The dispatched run asks them again at the last
 * moment.
 */
export async function promote(outside: DeployPorts, request: PromoteRequest): Promise<RunResult> {
  const ports = { ...outside, deployments: readOnce(outside.deployments) }
  const place = findPlace(await readRings(ports), request.environment)
  const candidate = await findCandidate(ports.versions, place.solution.name, request.artifact)
  const history = await readRingHistory(ports, {
    solution: place.solution.name,
    environment: place.ring.environment,
    enough: knowsThePointer,
  })
  const known = {
    schema_version: 1,
    command: 'promote',
    solution: place.solution.name,
    ring: place.ring.name,
    environment: place.ring.environment,
    version: candidate.version === undefined ? undefined : candidate.name,
    digest: candidate.digest,
  } as const
  if (activeDeployment(history)?.digest === candidate.digest) {
    const message = `${place.ring.name} points to ${candidate.name} already.`
    return { ...known, decision: 'nothing', reason_code: 'already_active', message }
  }
  const changes = await describeChange(ports.artifacts, {
    ring: place.ring.name,
    from: activeDeployment(history)?.digest,
    to: candidate.digest,
    organisation: await readOrganisationLayer(ports),
  })
  const { decision, verdicts } = await askGates(ports, { place, candidate, history })
  if (decision !== 'pass') {
    const held = verdicts.find(gate => gate.verdict === 'fail') ?? verdicts.find(gate => gate.verdict !== 'pass')
    if (held === undefined) throw new TypeError('a decision that is not pass has a gate that does not pass')
    return {
      ...known,
      decision: 'refused',
      reason_code: held.reason,
      message: `${candidate.name} may not enter ${place.ring.name}: ${held.words}.`,
      remedy: held.remedy,
      changes,
      gates: verdicts,
    }
  }
  if (request.dryRun) {
    const message = `${candidate.name} would be sent into ${place.ring.name}.`
    return { ...known, decision: 'nothing', reason_code: 'dry_run', message, changes, gates: verdicts }
  }
  const opened = await openPromotion(ports, {
    place,
    candidate,
    promotion: `${ports.run.id}-${ports.run.attempt}`,
    words: `promoted by @${ports.run.actor}${request.reason === undefined ? '' : `: ${request.reason}`}`,
  })
  return {
    ...known,
    decision: 'done',
    reason_code: 'ok',
    message: `${candidate.name} is on its way into ${place.ring.name}.`,
    changes,
    gates: verdicts,
    deployment_id: opened.deployment,
    dispatched: [{ ring: opened.ring, run_url: opened.runUrl }],
  }
}
