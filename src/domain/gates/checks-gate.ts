import type { RingGates } from '../ring.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'

/** A check run or a commit status of the artifact's commit. */
export interface CommitCheckFact {
  readonly name: string
  readonly outcome: 'pending' | 'passed' | 'failed'
  /** Ringway's own checks, statuses and jobs never count among the checks that it waits for. */
  readonly own: boolean
}

/** What GitHub says of the artifact's commit, read whole; `unreadable` when it could not be read. */
export interface CheckFacts {
  readonly checks: readonly CommitCheckFact[]
  /** Names that branch protection and rules require. */
  readonly required: readonly string[]
  readonly unreadable?: string | undefined
}

/** Whether the checks that the ring asks for have passed on the artifact's commit. What is not reported has not passed. */
export function checksGate(
  { checks: rule, ignoredChecks }: Pick<RingGates, 'checks' | 'ignoredChecks'>,
  facts: CheckFacts | undefined,
): GateVerdict {
  if (rule === 'none') return passed('checks', 'no checks asked for')
  if (facts === undefined || facts.unreadable !== undefined) {
    return {
      gate: 'checks',
      verdict: 'errored',
      reason: 'github_denied',
      words: `checks could not be read: ${facts?.unreadable ?? 'nobody asked'}`,
      remedy: 'Give the job `checks: read` and `statuses: read`.',
    }
  }
  const others = facts.checks.filter(check => !check.own)
  const wanted =
    rule === 'all' ? [...new Set(others.map(check => check.name))] : rule === 'required' ? facts.required : rule
  return judge(
    wanted.filter(name => !ignoredChecks.includes(name)),
    others,
  )
}

function judge(wanted: readonly string[], checks: readonly CommitCheckFact[]): GateVerdict {
  const named = (outcome: CommitCheckFact['outcome']): readonly string[] =>
    wanted.filter(name => checks.some(check => check.name === name && check.outcome === outcome))
  const failed = named('failed')
  if (failed.length > 0) {
    return {
      gate: 'checks',
      verdict: 'fail',
      reason: 'checks_failed',
      words: `failed: ${failed.join(', ')}`,
      remedy: 'Fix the check, or re-run it if it was unlucky.',
    }
  }
  const missing = wanted.filter(name => checks.every(check => check.name !== name))
  if (missing.length > 0) {
    return {
      gate: 'checks',
      verdict: 'wait',
      reason: 'checks_missing',
      words: `never reported: ${missing.join(', ')}`,
      remedy: 'Let them run on the commit, or correct the names in `gates.checks`.',
    }
  }
  const pending = named('pending')
  if (pending.length > 0) {
    return { gate: 'checks', verdict: 'wait', reason: 'checks_pending', words: `still running: ${pending.join(', ')}` }
  }
  const words = wanted.length === 0 ? 'none are asked for' : `passed: ${wanted.join(', ')}`
  return passed('checks', words)
}
