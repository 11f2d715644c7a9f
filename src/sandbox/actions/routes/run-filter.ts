import type { Call } from '../../api/route.ts'
import { currentAttempt, type WorkflowRun } from '../runs/workflow-run.ts'

/** The filters of the lists of runs: `actor`, `branch`, `event`, `status` (or conclusion), `head_sha`, `check_suite_id`. */
export function matchesRunFilter(call: Call, run: WorkflowRun): boolean {
  const { status, conclusion } = currentAttempt(run)
  const matches = (name: string, values: readonly (string | null)[]): boolean => {
    const wanted = call.query(name)
    return wanted === undefined || values.includes(wanted)
  }
  return (
    matches('actor', [run.trigger.actor.login]) &&
    matches('branch', [run.trigger.headBranch]) &&
    matches('event', [run.trigger.event]) &&
    matches('status', [status, conclusion]) &&
    matches('head_sha', [run.trigger.headSha]) &&
    matches('check_suite_id', [String(run.suite.id)])
  )
}
