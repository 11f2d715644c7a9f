import { z } from 'zod'
import { ApiError, forbiddenToIntegration, validationFailed } from '../../api/api-error.ts'
import { noContent, type RepositoryCall } from '../../api/route.ts'
import type { RoutePlugin } from '../../api/server.ts'
import type { EnvironmentGate, RuleState } from '../environments/environment-gate.ts'
import type { ActionsRuntime } from '../runs/actions-runtime.ts'
import { currentAttempt, type WorkflowRun } from '../runs/workflow-run.ts'
import { runOf } from './run-routes.ts'

const decisionBody = z.object({
  environment_name: z.string(),
  state: z.enum(['approved', 'rejected']).optional(),
  comment: z.string().optional(),
})

// GitHub's limits of comments without a decision.
const MAX_REPORTS = 10
const MAX_COMMENT = 1_024

/** What an App says about its own custom deployment protection rule: a decision, or how far it is. */
export function protectionRuleRoutes(runtime: ActionsRuntime): RoutePlugin {
  return server => {
    server.repositoryRoute({
      method: 'POST',
      path: '/repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule',
      needs: { deployments: 'write' },
      handle: call => {
        const { environment_name: environment, state, comment } = call.read(decisionBody)
        const run = runOf(runtime, call)
        const waiting = ownRules(call, run, environment)
        if (comment !== undefined && comment.length > MAX_COMMENT)
          throw validationFailed({ field: 'comment', code: 'too_long', message: `at most ${MAX_COMMENT} characters` })
        if (state === undefined) report(run, waiting, { comment, environment, call })
        else decide(run, waiting, { state, comment: comment ?? '', environment, call })
        return noContent()
      },
    })
  }
}

interface OwnRule {
  readonly gate: EnvironmentGate
  readonly rule: RuleState
}

/** The App's own rule at every job of the run that came to this environment. */
function ownRules(call: RepositoryCall, run: WorkflowRun, environment: string): readonly OwnRule[] {
  const { actor } = call
  if (actor.kind !== 'installation') throw forbiddenToIntegration()
  const gates = currentAttempt(run).jobs.flatMap(job => job.gate ?? [])
  const there = gates.filter(gate => gate.environment.name.toLowerCase() === environment.toLowerCase())
  const own = there.flatMap(gate => {
    const rule = gate.ruleOf(actor.app)
    return rule === undefined ? [] : [{ gate, rule }]
  })
  if (there.length > 0 && own.length === 0)
    throw new ApiError(403, 'GitHub Apps can only review their own custom deployment protection rules')
  const open = own.filter(({ gate, rule }) => gate.isWaiting && rule.state === 'pending')
  if (open.length === 0)
    throw new ApiError(422, 'There are no pending custom deployment protection rules for this environment')
  return open
}

interface Saying {
  readonly environment: string
  readonly call: RepositoryCall
}

function report(
  run: WorkflowRun,
  own: readonly OwnRule[],
  said: Saying & { readonly comment: string | undefined },
): void {
  if (said.comment === undefined || said.comment === '')
    throw validationFailed({
      field: 'comment',
      code: 'missing_field',
      message: 'a report without a state needs a comment',
    })
  if (own.some(({ rule }) => rule.reports >= MAX_REPORTS))
    throw new ApiError(422, `A deployment protection rule can report at most ${MAX_REPORTS} times`)
  for (const { rule } of own) rule.reports++
  review(run, said, { state: 'pending', comment: said.comment })
}

function decide(
  run: WorkflowRun,
  own: readonly OwnRule[],
  said: Saying & { readonly state: 'approved' | 'rejected'; readonly comment: string },
): void {
  review(run, said, said)
  for (const { gate, rule } of own) gate.decideRule(rule, said.state, said.comment)
}

function review(
  run: WorkflowRun,
  { call, environment }: Saying,
  given: { readonly state: 'approved' | 'rejected' | 'pending'; readonly comment: string },
): void {
  if (call.actor.kind !== 'installation') return
  const { state, comment } = given
  currentAttempt(run).reviews.push({ environments: [environment], state, comment, user: call.actor.app.bot })
}
