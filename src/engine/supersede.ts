import type { RingHistory } from '../domain/deployment-history.ts'
import { artifactName } from '../domain/version.ts'
import type { DeployPorts } from './deploy-ports.ts'
import { type Journey, takeUp } from './deployment-journey.ts'

/**
 * Ends what a deployment that became active has displaced. GitHub does it for neither production nor unfinished deployments. The pointer
 * has moved already: this only writes it down, and a run that is lost before it is made good by the next one.
 */
export async function supersede(
  ports: Pick<DeployPorts, 'deployments' | 'run'>,
  ring: { readonly history: RingHistory; readonly journey: Journey },
): Promise<void> {
  const { history, journey } = ring
  const older = history.filter(record => record.state === 'active' && record.id !== journey.deployment)
  for (const record of older) {
    const displaced = takeUp(ports.deployments, {
      deployment: record.id,
      artifact: artifactName(record),
      state: record.state,
      url: record.url,
      runUrl: ports.run.url,
    })
    await displaced.advance({ event: 'took_over', words: `by ${journey.artifact}` })
  }
}
