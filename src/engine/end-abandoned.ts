import { activeDeployment, type DeploymentRecord, type RingHistory, unfinished } from '../domain/deployment-history.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import { artifactName } from '../domain/version.ts'
import type { DeployPorts } from './deploy-ports.ts'
import { type Journey, takeUp } from './deployment-journey.ts'
import { endBadly } from './end-badly.ts'
import type { Place } from './find-place.ts'
import { putBack } from './put-back.ts'
import { readOrganisationLayer } from './read-organisation.ts'

/**
 * Ends what earlier runs of the ring left behind: a run that was lost, cancelled while it waited, or replaced in the queue by a newer one.
 *
 * @throws {RingwayError} `in_progress` when another run is at work in the ring
 */
export async function endAbandoned(
  ports: DeployPorts,
  ring: { readonly place: Place; readonly history: RingHistory; readonly journey: Journey },
): Promise<void> {
  const { place, history, journey } = ring
  for (const record of unfinished(history)) {
    if (record.id >= journey.deployment) continue
    if (record.state !== 'queued' && (await isAtWork(ports, record))) throw busy(place, record)
    await end(ports, { place, history, record, by: journey.artifact })
  }
}

/** An earlier attempt of this very run is over, whatever GitHub says of the run. */
async function isAtWork(ports: DeployPorts, record: DeploymentRecord): Promise<boolean> {
  if (record.runId === undefined || record.runId === ports.run.id) return false
  const run = await ports.runs.read(record.runId)
  return run !== undefined && !run.completed
}

async function end(
  ports: DeployPorts,
  lost: { place: Place; history: RingHistory; record: DeploymentRecord; by: string },
): Promise<void> {
  const { place, history, record, by } = lost
  const journey = takeUp(ports.deployments, {
    deployment: record.id,
    artifact: artifactName(record),
    state: record.state,
    url: record.url,
    runUrl: ports.run.url,
  })
  const waited = record.state === 'queued'
  const organisation = await readOrganisationLayer(ports)
  await endBadly(
    journey,
    {
      reason: waited
        ? 'superseded_by_newer'
        : record.state === 'rolling_back'
          ? (record.reason ?? 'run_vanished')
          : 'run_vanished',
      words: waited ? `${by} came before it began` : 'its run ended without saying how',
      kind: waited ? 'failed' : 'errored',
    },
    () =>
      putBack(ports, {
        solution: place.solution.name,
        ring: place.ring,
        deployment: record.id,
        failed: record,
        baseline: activeDeployment(history),
        organisation,
      }),
  )
}

function busy(place: Place, record: DeploymentRecord): RingwayError {
  return new RingwayError({
    code: 'in_progress',
    message: `Deployment ${record.id} of ${artifactName(record)} is ${record.state} in ${place.ring.name}.`,
    remedy:
      'Let it end; the workflow needs the `concurrency` group that the README shows, so that runs of one ring wait for each other.',
  })
}
