import type { CheckFacts } from '../domain/gates/checks-gate.ts'
import type { Ring } from '../domain/ring.ts'
import { RingwayError } from '../domain/ringway-error.ts'
import type { RingFile } from '../domain/solution.ts'
import type { CommitSha } from '../domain/units.ts'
import type { CommitCheck, CommitChecks } from '../ports/commit-checks.ts'
import type { WorkflowRuns } from '../ports/workflow-runs.ts'

/** Which checks of which commit. */
export interface CheckQuestion {
  readonly commit: CommitSha | undefined
  /** The run that asks, whose own jobs do not count; absent where no run asks. */
  readonly ownRun?: number | undefined
}

/** Reads what GitHub says of a commit's checks, as far as the ring asks for them. */
export async function readCheckFacts(
  github: { readonly checks: CommitChecks; readonly runs: Pick<WorkflowRuns, 'startedFor'> },
  place: { readonly ring: Ring; readonly ringFile: Pick<RingFile, 'workflow'> },
  { commit, ownRun }: CheckQuestion,
): Promise<CheckFacts | undefined> {
  const rule = place.ring.gates.checks
  if (rule === 'none' || commit === undefined) return undefined
  try {
    const [checks, required] = await Promise.all([
      github.checks.list(commit),
      rule === 'required' ? github.checks.required() : [],
    ])
    const wanted = rule === 'required' ? required : rule
    const asked = wanted === 'all' ? checks : checks.filter(check => wanted.includes(check.name))
    // Whose jobs they are is asked only where it decides: about those that the gate asks for, and other runs than this one.
    const isOfOtherRun = asked.some(check => check.runId !== undefined && check.runId !== ownRun)
    const others = isOfOtherRun ? await github.runs.startedFor(place.ringFile.workflow, commit) : []
    const ownRuns = ownRun === undefined ? others : [ownRun, ...others]
    return {
      checks: checks.map(check => ({ name: check.name, outcome: check.outcome, own: isOwn(check, ownRuns) })),
      required,
    }
  } catch (error) {
    if (error instanceof RingwayError) return { checks: [], required: [], unreadable: error.message }
    throw error
  }
}

/** A ring that waited for its own job, or for the build that dispatched it, would wait for ever. */
function isOwn(check: CommitCheck, ownRuns: readonly number[]): boolean {
  return check.name.startsWith('ringway/') || (check.runId !== undefined && ownRuns.includes(check.runId))
}
