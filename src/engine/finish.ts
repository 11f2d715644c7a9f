import type { DeploymentState } from '../domain/deployment.ts'
import { isFinal } from '../domain/deployment.ts'
import { activeDeployment } from '../domain/deployment-history.ts'
import { artifactName } from '../domain/version.ts'
import type { DeployPorts } from './deploy-ports.ts'
import { takeUp } from './deployment-journey.ts'
import { endBadly } from './end-badly.ts'
import { findPlace } from './find-place.ts'
import { putBack } from './put-back.ts'
import { readOrganisationLayer } from './read-organisation.ts'
import { readRings } from './read-rings.ts'
import { knowsThePointer, readRecord, readRingHistory } from './ring-history.ts'

/**
 * Ends a deployment whose run was cancelled or killed, and puts back what it displaced. It has its state from GitHub alone, so that it can
 * follow on anything.
 *
 * @returns the state it ended in; undefined when there was nothing to end
 */
export async function finish(
  ports: DeployPorts,
  lost: { readonly environment: string; readonly deployment: number },
): Promise<DeploymentState | undefined> {
  const place = findPlace(await readRings(ports), lost.environment)
  const recorded = await ports.deployments.read(lost.deployment)
  const record = recorded && (await readRecord(ports.versions, place.solution.name, recorded))
  if (record === undefined || isFinal(record.state) || record.state === 'active') return undefined
  const history = await readRingHistory(ports, {
    solution: place.solution.name,
    environment: place.ring.environment,
    enough: knowsThePointer,
  })
  const journey = takeUp(ports.deployments, {
    deployment: record.id,
    artifact: artifactName(record),
    state: record.state,
    url: record.url,
    runUrl: ports.run.url,
  })
  const organisation = await readOrganisationLayer(ports)
  await endBadly(journey, { reason: 'cancelled', words: 'the job was cancelled or ended early', kind: 'failed' }, () =>
    putBack(ports, {
      solution: place.solution.name,
      ring: place.ring,
      deployment: record.id,
      failed: record,
      baseline: activeDeployment(history),
      organisation,
    }),
  )
  return journey.state
}
