import type { Person } from '../promotion.ts'
import type { ApprovalRule } from '../ring.ts'
import type { EpochMs, Sha256Digest } from '../units.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'

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
  readonly person: Person
  /** Slugs of the teams that the person is in. */
  readonly teams: readonly string[]
  readonly answer: 'approved' | 'rejected'
  readonly binding: ApprovalBinding
  readonly at: EpochMs
  /** `github`: a review of the GitHub Environment; `ringway`: a command, a button, the console, the API. */
  readonly via: 'ringway' | 'github'
}

/** What the App knows of a promotion's approvals. */
export interface KeptApprovals {
  /** Whoever requested the promotion. */
  readonly requester: Person
  /** The users who wrote the artifact's commits, by id; undefined when they could not be read. */
  readonly authors: readonly number[] | undefined
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
export function approvalsGate(rule: ApprovalRule | undefined, facts: ApprovalFacts, now: EpochMs): GateVerdict {
  if (rule === undefined) return passed('approvals', 'none asked for')
  if (facts.kept !== undefined) return count(rule, facts.kept, now)
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

function count(rule: ApprovalRule, kept: KeptApprovals, now: EpochMs): GateVerdict {
  const named = newestOfEach(rule, kept.answers).filter(answer => isNamed(rule, answer))
  const bound = named.filter(answer => isSameBinding(answer.binding, kept.binding))
  // A no counts from everybody who is named, the requester and the authors too: it is the careful answer.
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
  if (!rule.authors && kept.authors === undefined) {
    return {
      gate: 'approvals',
      verdict: 'errored',
      reason: 'github_unreachable',
      words: 'who wrote its commits could not be read, and they may not approve it',
      remedy: 'Try again; if it stays so, let `gates.approvals.authors: true` count them.',
    }
  }
  const own = bound.filter(({ person }) => isOwn(rule, kept, person))
  const others = bound.filter(answer => !own.includes(answer))
  const valid = others.filter(({ at }) => now < at + rule.expiry)
  if (valid.length >= rule.count) {
    return passed('approvals', `approved by ${people(valid)}`)
  }
  const uncounted = [
    own.length === 0 ? '' : `; ${people(own)} asked for it or wrote it, and cannot approve it`,
    lapse(named.length - bound.length),
    others.length === valid.length ? '' : `; ${others.length - valid.length} expired`,
  ]
  return {
    gate: 'approvals',
    verdict: 'wait',
    reason: 'approvals_missing',
    words: `${valid.length} of ${rule.count} approvals${whom(rule)}${uncounted.join('')}`,
    remedy: 'Type `/approve`.',
  }
}

/** A person counts once, with the newest answer. Logins are given away again, so people are told apart by their ids. */
function newestOfEach(rule: ApprovalRule, answers: readonly Approval[]): readonly Approval[] {
  const counted = answers.filter(({ via }) => via === 'ringway' || rule.githubReviews === 'count')
  return [...new Map(counted.map(answer => [answer.person.id, answer])).values()]
}

/** GitHub compares logins without case. */
function isNamed(rule: ApprovalRule, { person, teams }: Approval): boolean {
  if (rule.from.length === 0) return true
  const names = [person.login, ...teams.map(team => `team:${team}`)].map(name => name.toLowerCase())
  return rule.from.some(wanted => names.includes(wanted.toLowerCase()))
}

function isOwn(rule: ApprovalRule, { requester, authors }: KeptApprovals, { id }: Person): boolean {
  return (!rule.self && id === requester.id) || (!rule.authors && authors?.includes(id) === true)
}

function isSameBinding(a: ApprovalBinding, b: ApprovalBinding): boolean {
  return a.candidate === b.candidate && a.ring === b.ring && a.baseline === b.baseline && a.policy === b.policy
}

function lapse(lapsed: number): string {
  return lapsed === 0 ? '' : `; ${lapsed} lapsed, because what would be placed, or over what, has changed`
}

function whom(rule: ApprovalRule): string {
  return rule.from.length === 0 ? '' : ` from ${rule.from.join(', ')}`
}

function people(answers: readonly Approval[]): string {
  return answers.map(({ person }) => `@${person.login}`).join(', ')
}
