import type { Account } from '../../world/account.ts'
import type { Repository } from '../../world/repository.ts'
import { ExpressionFailure } from '../expression/evaluate-expression.ts'
import { evaluateText } from '../expression/evaluate-template.ts'
import { isKnownAction, unknownActionMessage } from '../runner/prepare-step.ts'
import { unheardEvents } from '../workflow/unheard-events.ts'
import type { WorkflowFile } from '../workflow/workflow-file.ts'
import type { ActionsRuntime } from './actions-runtime.ts'
import { runScope } from './run-scope.ts'
import type { RunAttempt, RunTrigger, WorkflowRun } from './workflow-run.ts'

export interface NewRun {
  readonly repository: Repository
  readonly file: WorkflowFile
  readonly trigger: RunTrigger
  /** The title of a run whose workflow has no `run-name`. */
  readonly title: string
}

/** Records a run. It is not driven yet. */
export async function createRun(runtime: ActionsRuntime, request: NewRun): Promise<WorkflowRun> {
  const { world, store } = runtime
  const { repository, file, trigger } = request
  const now = world.now()
  const workflow = store.workflowAt(repository, file.path)
  if (file.problems.length === 0) workflow.name = file.name
  const headCommit = await repository.git.commit(trigger.headSha)
  const suite = {
    id: world.nextId('check_suite'),
    headSha: trigger.headSha,
    headBranch: trigger.headBranch,
    app: world.actionsApp,
    createdAt: now,
    updatedAt: now,
  }
  repository.checkSuites.push(suite)
  const attempt = newAttempt(runtime, file, { number: 1, by: trigger.actor })
  const base: WorkflowRun = {
    id: world.nextId('run'),
    number: store.nextNumber(workflow),
    workflow,
    repository,
    file,
    trigger,
    headCommit,
    suite,
    displayTitle: request.title,
    createdAt: now,
    attempts: [attempt],
  }
  const run = { ...base, displayTitle: titleOf(runtime, base, request.title) }
  store.add(run)
  return run
}

/** A further attempt, which has not begun. */
export function newAttempt(
  runtime: ActionsRuntime,
  file: WorkflowFile,
  { number, by: triggeringActor }: { readonly number: number; readonly by: Account },
): RunAttempt {
  const now = runtime.world.now()
  return {
    number,
    triggeringActor,
    startedAt: now,
    jobs: [],
    reviews: [],
    cancelled: new AbortController(),
    forced: new AbortController(),
    status: 'queued',
    conclusion: null,
    updatedAt: now,
    problems: problemsOf(runtime, file),
    notices: unheardEvents(file),
  }
}

function titleOf({ world }: ActionsRuntime, run: WorkflowRun, otherwise: string): string {
  if (run.file.runName === undefined || run.attempts[0].problems.length > 0) return otherwise
  try {
    const title = evaluateText(run.file.runName, runScope(world, run, { attempt: run.attempts[0] }))
    return title === undefined || title.trim() === '' ? otherwise : title
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error
    run.attempts[0].problems = [error.message]
    return otherwise
  }
}

function problemsOf(runtime: ActionsRuntime, file: WorkflowFile): readonly string[] {
  const unknown = file.jobs
    .flatMap(job => job.steps)
    .flatMap(step => (step.kind === 'uses' && !isKnownAction(runtime.actions, step.uses) ? [step.uses] : []))
  return [...file.problems, ...[...new Set(unknown)].map(unknownActionMessage)]
}
