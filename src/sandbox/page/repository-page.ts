import { waitingJobs } from '../actions/environments/review.ts'
import type { Runs } from '../actions/runs/runs.ts'
import { currentAttempt } from '../actions/runs/workflow-run.ts'
import { cloneUrl } from '../api/present/repository.ts'
import { fullName, type Repository } from '../world/repository.ts'
import type { World } from '../world.ts'
import { deploymentTable } from './deployment-table.ts'
import { type Html, html } from './html.ts'
import { type Page, table } from './layout.ts'

const REFRESH = 5
const SHOWN = 30

export function repositoryPage(world: World, runs: Runs, repository: Repository): Page {
  return {
    title: fullName(repository),
    refresh: REFRESH,
    body: html`
<p><code>git clone ${cloneUrl(world, repository)}</code></p>
<h2>Runs</h2>${runTable(runs, repository)}
<h2>Issues and pull requests</h2>${issueTable(repository)}
<h2>Deployments</h2>${deploymentTable(repository)}
<h2>Checks</h2>${checkTable(repository)}`,
  }
}

function runTable(runs: Runs, repository: Repository): Html {
  const rows = runs
    .of(repository)
    .slice(0, SHOWN)
    .map(run => {
      const { status, conclusion } = currentAttempt(run)
      const waits = waitingJobs(run).map(({ gate }) => gate.environment.name)
      return [
        html`<a href="/${fullName(repository)}/actions/runs/${run.id}">${run.displayTitle || run.file.name}</a>`,
        run.trigger.event,
        run.trigger.headBranch,
        html`<span class="state">${conclusion ?? status}</span>${waits.length > 0 && html` for ${waits.join(', ')}`}`,
        run.createdAt,
      ]
    })
  return table(['Run', 'Event', 'Branch', 'State', 'Started'], rows, 'Nothing has run yet.')
}

function issueTable(repository: Repository): Html {
  const rows = [...repository.issues.values()]
    .toReversed()
    .map(issue => [
      html`<a href="/${fullName(repository)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}">#${issue.number} ${issue.title}</a>`,
      issue.pull?.mergedAt == null ? issue.state : 'merged',
      issue.user.login,
      issue.comments.length,
    ])
  return table(['Title', 'State', 'By', 'Comments'], rows, 'There are none.')
}

function checkTable(repository: Repository): Html {
  const rows = repository.checkRuns
    .filter(run => run.app.slug !== 'github-actions')
    .slice(-SHOWN)
    .toReversed()
    .map(run => [
      html`<a href="/${fullName(repository)}/runs/${run.id}">${run.name}</a>`,
      run.headSha.slice(0, 7),
      html`<span class="state">${run.conclusion ?? run.status}</span>`,
      run.output.title,
    ])
  return table(['Check', 'Commit', 'State', 'Says'], rows, 'No App has checked anything.')
}
