import type { ApprovalRule } from '../ring.ts'
import type { GateVerdict } from './gate-verdict.ts'

/** What is known of approvals where no App keeps them. */
export interface ApprovalFacts {
  /** Whether people had to approve the job on GitHub before it began. */
  readonly reviewedOnGithub: boolean
}

/** Whether enough people said yes. Without the App, only GitHub's own reviewers can have said it. */
export function approvalsGate(rule: ApprovalRule | undefined, facts: ApprovalFacts): GateVerdict {
  if (rule === undefined) return { gate: 'approvals', verdict: 'pass', reason: 'ok', words: 'none asked for' }
  if (facts.reviewedOnGithub) {
    return {
      gate: 'approvals',
      verdict: 'pass',
      reason: 'ok',
      words: 'reviewed on GitHub: the environment has required reviewers',
    }
  }
  const from = rule.from.length === 0 ? '' : ` from ${rule.from.join(', ')}`
  return {
    gate: 'approvals',
    verdict: 'fail',
    reason: 'app_required',
    words: `${rule.count} ${rule.count === 1 ? 'approval is' : 'approvals are'} needed${from}, and only the App can count them`,
    remedy: 'Give the environment required reviewers on GitHub, or install the App and set `app-url`.',
  }
}
