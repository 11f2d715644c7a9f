import type { Repository } from '../world/repository.ts'

const PASSING: ReadonlySet<string> = new Set(['success', 'neutral', 'skipped'])

/** The newest state of each commit status and check run on a commit: `true` where it is green. */
export function contextStates(repository: Repository, sha: string): Map<string, boolean> {
  const states = new Map<string, boolean>()
  for (const status of repository.commitStatuses) {
    if (status.sha === sha) states.set(status.context, status.state === 'success')
  }
  for (const run of repository.checkRuns) {
    if (run.headSha === sha) states.set(run.name, run.conclusion !== null && PASSING.has(run.conclusion))
  }
  return states
}
