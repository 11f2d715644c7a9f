import type { Job, RunAttempt } from './workflow-run.ts'

/** The jobs whose outcome stands when `again` run again: all but those and what needs them, directly or not. */
export function keptInRerun(attempt: RunAttempt, again: readonly Job[]): readonly Job[] {
  const repeated = new Set(again.map(job => job.definition.key))
  let before: number
  do {
    before = repeated.size
    for (const { definition } of attempt.jobs) {
      if (definition.needs.some(key => repeated.has(key))) repeated.add(definition.key)
    }
  } while (repeated.size > before)
  return attempt.jobs.filter(job => !repeated.has(job.definition.key))
}
