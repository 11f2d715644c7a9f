import type { PullRequestRules } from '../ring.ts'
import { type GateVerdict, passed } from './gate-verdict.ts'

/** What is known of the pull request that a candidate belongs to. What the ring does not ask for may be absent. */
export interface PullRequestFacts {
  readonly number: number
  /** A merged one holds everything that its base holds, and is a draft no more. */
  readonly state: 'open' | 'merged' | 'closed'
  readonly isDraft: boolean
  readonly isFromFork: boolean
  readonly labels: readonly string[]
  /** GitHub's `reviewDecision`; where no rule of GitHub's asks for reviews, what the newest review of each reviewer comes to. */
  readonly review?: 'approved' | 'changes_requested' | 'missing' | undefined
  /** How many commits of its base it lacks. */
  readonly behindBy?: number | undefined
  /** How many of its commits carry no signature that GitHub verified. */
  readonly unverifiedCommits?: number | undefined
}

/** The pull request of a candidate. `none`: its commit belongs to none; `unknown`: nobody could ask. */
export type PullRequestReading =
  | { readonly kind: 'known'; readonly pullRequest: PullRequestFacts }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' }

/** Whether the pull request that a candidate belongs to is as the ring asks. All that is wrong is said at once, what refuses first. */
export function reviewGate(rules: PullRequestRules, reading: PullRequestReading): GateVerdict {
  if (reading.kind === 'known') return judge(rules, reading.pullRequest)
  if (!asksAnything(rules)) return passed('review', 'nothing asked of a pull request')
  if (reading.kind === 'none') {
    return {
      gate: 'review',
      verdict: 'fail',
      reason: 'review_missing',
      words: 'its commit belongs to no pull request, and the ring asks for one',
      remedy: 'Bring the change in by a pull request.',
    }
  }
  return {
    gate: 'review',
    verdict: 'errored',
    reason: 'github_unreachable',
    words: 'its pull request could not be read',
    remedy: 'Try again; if it stays so, let the App read pull requests.',
  }
}

/** Whether a ring asks anything of pull requests that only the App can find out. */
export function asksAnything({ review, upToDate, verifiedCommits, labels }: PullRequestRules): boolean {
  return (
    [review, upToDate, verifiedCommits].includes('required') || labels.require.length > 0 || labels.forbid.length > 0
  )
}

/** One thing that is wrong with a pull request. */
type Fault = Pick<GateVerdict, 'reason' | 'words' | 'remedy'> & { readonly verdict: 'fail' | 'wait' | 'errored' }

function judge(rules: PullRequestRules, pullRequest: PullRequestFacts): GateVerdict {
  const faults = [
    ...standingFaults(rules, pullRequest),
    ...reviewFaults(rules, pullRequest),
    ...behindFaults(rules, pullRequest),
    ...signatureFaults(rules, pullRequest),
    ...labelFaults(rules, pullRequest),
  ]
  const first =
    faults.find(({ verdict }) => verdict === 'fail') ?? faults.find(({ verdict }) => verdict === 'errored') ?? faults[0]
  const name = `#${pullRequest.number}`
  if (first === undefined) return passed('review', `${name} is as the ring asks`)
  const { verdict, reason, remedy } = first
  const words = [first, ...faults.filter(fault => fault !== first)].map(fault => fault.words)
  return { gate: 'review', verdict, reason, words: `${name} ${words.join('; ')}`, remedy }
}

function standingFaults(rules: PullRequestRules, pullRequest: PullRequestFacts): readonly Fault[] {
  const fault = (reason: Fault['reason'], words: string, remedy: string): Fault => ({
    verdict: 'fail',
    reason,
    words,
    remedy,
  })
  const { state, isDraft, isFromFork } = pullRequest
  return [
    ...(isFromFork && state !== 'merged'
      ? [
          fault(
            'fork_not_allowed',
            'comes from a fork',
            'Push the branch to this repository, or merge the pull request.',
          ),
        ]
      : []),
    ...(state === 'closed'
      ? [fault('pull_request_closed', 'was closed without being merged', 'Open it again, or deploy something else.')]
      : []),
    ...(isDraft && state === 'open' && rules.drafts === 'refuse'
      ? [fault('pull_request_draft', 'is still a draft', 'Mark it as ready for review and promote again.')]
      : []),
  ]
}

function reviewFaults(rules: PullRequestRules, { review }: PullRequestFacts): readonly Fault[] {
  if (rules.review === 'none' || review === 'approved') return []
  if (review === undefined) return [unread('reviews')]
  const words = review === 'missing' ? 'is not approved by a review' : 'has changes requested by a review'
  return [{ verdict: 'wait', reason: 'review_missing', words, remedy: 'Let somebody approve it on GitHub.' }]
}

function behindFaults(rules: PullRequestRules, { behindBy, state }: PullRequestFacts): readonly Fault[] {
  if (rules.upToDate === 'none' || state === 'merged' || behindBy === 0) return []
  if (behindBy === undefined) return [unread('distance from its base')]
  const words = `lacks ${commits(behindBy)} of its base`
  return [
    { verdict: 'fail', reason: 'behind_base', words, remedy: 'Update the branch and promote what it builds then.' },
  ]
}

function signatureFaults(rules: PullRequestRules, { unverifiedCommits }: PullRequestFacts): readonly Fault[] {
  if (rules.verifiedCommits === 'none' || unverifiedCommits === 0) return []
  if (unverifiedCommits === undefined) return [unread('commits')]
  const words = `has ${commits(unverifiedCommits)} without a verified signature`
  return [{ verdict: 'fail', reason: 'commit_not_verified', words, remedy: 'Sign them and push again.' }]
}

function commits(count: number): string {
  return `${count} ${count === 1 ? 'commit' : 'commits'}`
}

/** GitHub's labels are the same in capitals and in small letters. */
function labelFaults({ labels: rule }: PullRequestRules, { labels }: PullRequestFacts): readonly Fault[] {
  const has = (wanted: string): boolean => labels.some(label => label.toLowerCase() === wanted.toLowerCase())
  const lacking = rule.require.filter(label => !has(label))
  const forbidden = rule.forbid.filter(has)
  const fault = (words: string, remedy: string): Fault => ({ verdict: 'wait', reason: 'labels_differ', words, remedy })
  return [
    ...(lacking.length === 0 ? [] : [fault(`lacks the label ${lacking.join(', ')}`, 'Add the label.')]),
    ...(forbidden.length === 0 ? [] : [fault(`has the label ${forbidden.join(', ')}`, 'Remove the label.')]),
  ]
}

function unread(what: string): Fault {
  return {
    verdict: 'errored',
    reason: 'github_unreachable',
    words: `could not be asked for its ${what}`,
    remedy: 'Try again; if it stays so, let the App read pull requests.',
  }
}
