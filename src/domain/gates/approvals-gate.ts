import type { ApprovalRule } from '../ring.ts'
import type { Sha256Digest } from '../units.ts'
import type { GateVerdict } from './gate-verdict.ts'

/** What exactly somebody approved. Anything else that is promoted needs a new approval. */
export interface ApprovalBinding {
  readonly candidate: Sha256Digest
  readonly ring: string
  /** What the ring pointed to; undefined when it pointed to nothing. */
  readonly baseline: Sha256Digest | undefined
  /** The digest of the ring's rules. */
  readonly policy: string
}

/** One person's answer. */
export interface Approval {
  readonly login: string
  /** Slugs of the teams that the person is in. */
  readonly teams: readonly string[]
  readonly answer: 'approved' | 'rejected'
  readonly binding: ApprovalBinding
}

/** What the App knows of a promotion's approvals. */
interface KeptApprovals {
  /** The login of whoever requested the promotion. */
  readonly requester: string
  /** What would be placed now. */
  readonly binding: ApprovalBinding
  /** The newest answer last. */
  readonly answers: readonly Approval[]
}

/** What is known of approvals. */
export interface ApprovalFacts {
  /** Whether people had to approve the job on GitHub before it began. */
  readonly reviewedOnGithub: boolean
  /** Absent where no App keeps them. */
  readonly kept?: KeptApprovals | undefined
}

/** Whether enough people said yes. Without the App, only GitHub's own reviewers can have said it. */
export function approvalsGate(rule: ApprovalRule | undefined, facts: ApprovalFacts): GateVerdict {
  if (rule === undefined) return { gate: 'approvals', verdict: 'pass', reason: 'ok', words: 'none asked for' }
  if (facts.kept !== undefined) return count(rule, facts.kept)
  if (facts.reviewedOnGithub) {
    return {
      gate: 'approvals',
      verdict: 'pass',
      reason: 'ok',
      words: 'reviewed on GitHub: the environment has required reviewers',
    }
  }
  return {
    gate: 'approvals',
    verdict: 'fail',
    reason: 'app_required',
    words: `${rule.count} ${rule.count === 1 ? 'approval is' : 'approvals are'} needed${whom(rule)}, and only the App can count them`,
    remedy: 'Give the environment required reviewers on GitHub, or install the App and set `app-url`.',
  }
}

function count(rule: ApprovalRule, kept: KeptApprovals): GateVerdict {
  const eligible = newestOfEach(kept.answers).filter(answer => mayApprove(rule, answer, kept.requester))
  const bound = eligible.filter(answer => isSameBinding(answer.binding, kept.binding))
  const rejected = bound.filter(({ answer }) => answer === 'rejected')
  if (rejected.length > 0) {
    return {
      gate: 'approvals',
      verdict: 'fail',
      reason: 'rejected',
      words: `rejected by ${people(rejected)}`,
      remedy: 'Settle it with them; they can approve afterwards.',
    }
  }
  if (bound.length >= rule.count) {
    return { gate: 'approvals', verdict: 'pass', reason: 'ok', words: `approved by ${people(bound)}` }
  }
  const lapsed = eligible.length - bound.length
  const lapse = lapsed === 0 ? '' : `; ${lapsed} lapsed, because what would be placed, or over what, has changed`
  return {
    gate: 'approvals',
    verdict: 'wait',
    reason: 'approvals_missing',
    words: `${bound.length} of ${rule.count} approvals${whom(rule)}${lapse}`,
    remedy: 'Type `/approve`.',
  }
}

/** GitHub compares logins without case; a person counts once, with the newest answer. */
function newestOfEach(answers: readonly Approval[]): readonly Approval[] {
  return [...new Map(answers.map(answer => [answer.login.toLowerCase(), answer])).values()]
}

function mayApprove(rule: ApprovalRule, { login, teams }: Approval, requester: string): boolean {
  if (!rule.self && login.toLowerCase() === requester.toLowerCase()) return false
  if (rule.from.length === 0) return true
  const names = [login, ...teams.map(team => `team:${team}`)].map(name => name.toLowerCase())
  return rule.from.some(wanted => names.includes(wanted.toLowerCase()))
}

function isSameBinding(a: ApprovalBinding, b: ApprovalBinding): boolean {
  return a.candidate === b.candidate && a.ring === b.ring && a.baseline === b.baseline && a.policy === b.policy
}

function whom(rule: ApprovalRule): string {
  return rule.from.length === 0 ? '' : ` from ${rule.from.join(', ')}`
}

function people(answers: readonly Approval[]): string {
  return answers.map(({ login }) => `@${login}`).join(', ')
}
