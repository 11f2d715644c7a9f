import type { Deployment } from '../world/deployment.ts'
import type { Repository } from '../world/repository.ts'
import { type Html, html, link } from './html.ts'
import { table } from './layout.ts'

const SHOWN = 10

/** The newest deployments of each environment, with all of their statuses. */
export function deploymentTable(repository: Repository): Html {
  const byEnvironment = Map.groupBy(repository.deployments.toReversed(), each => each.environment)
  if (byEnvironment.size === 0) return html`<p>Nothing has been deployed.</p>`
  const tables = [...byEnvironment].map(
    ([environment, deployments]) => html`<h3>${environment}</h3>${environmentTable(deployments.slice(0, SHOWN))}`,
  )
  return html`${tables}`
}

function environmentTable(deployments: readonly Deployment[]): Html {
  const rows = deployments.map(deployment => [
    deployment.id,
    deployment.sha.slice(0, 7),
    deployment.creator.login,
    deployment.statuses.map(
      status =>
        html`<div><span class="state">${status.state}</span> ${status.description}
${status.environmentUrl !== '' && link(status.environmentUrl)} ${status.logUrl !== '' && link(status.logUrl, 'log')}</div>`,
    ),
  ])
  return table(['Deployment', 'Commit', 'By', 'Statuses'], rows, '')
}
