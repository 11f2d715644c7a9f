import type { World } from '../../world.ts'
import type { RunAttempt, WorkflowRun } from './workflow-run.ts'

/**
 * Shows why a run could not start where programs look as well: as a failed check run of the workflow. GitHub shows the
 * words on the run's page only.
 */
export function reportStartupFailure(world: World, run: WorkflowRun, attempt: RunAttempt): void {
  const now = world.now()
  const at = { path: run.file.path, startLine: 1, endLine: 1, startColumn: null, endColumn: null }
  run.repository.checkRuns.push({
    id: world.nextId('check_run'),
    name: run.file.name,
    headSha: run.trigger.headSha,
    suite: run.suite,
    app: world.actionsApp,
    externalId: String(run.id),
    detailsUrl: `${world.serverUrl}/${run.repository.owner.login}/${run.repository.name}/actions/runs/${run.id}`,
    status: 'completed',
    conclusion: 'failure',
    startedAt: now,
    completedAt: now,
    output: {
      title: 'This run could not start',
      summary: attempt.problems.join('\n'),
      text: null,
      annotations: attempt.problems.map(message => ({
        ...at,
        level: 'failure',
        title: null,
        message,
        rawDetails: null,
      })),
    },
    actions: [],
  })
}
