import type { Standing } from '../expression/status-functions.ts'
import type { Job, RunAttempt } from './workflow-run.ts'

/**
 * How things stand for a job's `if`: over everything it needs, directly or not. What was skipped or cancelled further
 * up is no success either, which is why a job behind a skipped one is skipped unless it says `always()`.
 */
export function standingBefore(attempt: RunAttempt, needs: readonly Job[]): Standing {
  if (attempt.cancelled.signal.aborted) return 'cancelled'
  const results = withAncestors(attempt, needs).map(job => job.result)
  if (results.includes('failure')) return 'failure'
  return results.every(result => result === 'success') ? 'success' : 'skipped'
}

function withAncestors(attempt: RunAttempt, needs: readonly Job[]): readonly Job[] {
  const found = new Map<string, Job>()
  const visit = (job: Job): void => {
    if (found.has(job.definition.key)) return
    found.set(job.definition.key, job)
    for (const key of job.definition.needs) {
      const next = attempt.jobs.find(candidate => candidate.definition.key === key)
      if (next !== undefined) visit(next)
    }
  }
  needs.forEach(visit)
  return [...found.values()]
}
