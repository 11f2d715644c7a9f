import { describe, expect, it } from 'vitest'
import { type PullRequestFacts, reviewGate } from '../../../src/domain/gates/review-gate.ts'
import type { PullRequestRules } from '../../../src/domain/ring.ts'
import { gatesOf } from '../../support/ring-records.ts'

const none = gatesOf().pullRequest
const facts: PullRequestFacts = { number: 7, state: 'open', isDraft: false, isFromFork: false, labels: [] }
const judge = (rules: Partial<PullRequestRules>, more: Partial<PullRequestFacts>): ReturnType<typeof reviewGate> =>
  reviewGate({ ...none, ...rules }, { kind: 'known', pullRequest: { ...facts, ...more } })

describe('the pull request of a candidate', () => {
  it.each<
    [string, Partial<PullRequestRules>, Partial<PullRequestFacts>, 'pass' | 'wait' | 'fail' | 'errored', string, string]
  >([
    ['nothing is asked', {}, {}, 'pass', 'ok', '#7 is as the ring asks'],
    ['approved', { review: 'required' }, { review: 'approved' }, 'pass', 'ok', '#7 is as the ring asks'],
    [
      'not approved',
      { review: 'required' },
      { review: 'missing' },
      'wait',
      'review_missing',
      '#7 is not approved by a review',
    ],
    [
      'changes requested',
      { review: 'required' },
      { review: 'changes_requested' },
      'wait',
      'review_missing',
      '#7 has changes requested by a review',
    ],
    [
      'reviews nobody read',
      { review: 'required' },
      {},
      'errored',
      'github_unreachable',
      '#7 could not be asked for its reviews',
    ],
    [
      'merged, and never approved',
      { review: 'required' },
      { state: 'merged', review: 'missing' },
      'wait',
      'review_missing',
      '#7 is not approved by a review',
    ],
    ['up to date', { upToDate: 'required' }, { behindBy: 0 }, 'pass', 'ok', '#7 is as the ring asks'],
    ['behind', { upToDate: 'required' }, { behindBy: 1 }, 'fail', 'behind_base', '#7 lacks 1 commit of its base'],
    ['behind, and nobody minds', {}, { behindBy: 3 }, 'pass', 'ok', '#7 is as the ring asks'],
    [
      'merged: the base has gone on since',
      { upToDate: 'required' },
      { state: 'merged', behindBy: 3 },
      'pass',
      'ok',
      '#7 is as the ring asks',
    ],
    [
      'how far behind nobody read',
      { upToDate: 'required' },
      {},
      'errored',
      'github_unreachable',
      '#7 could not be asked for its distance from its base',
    ],
    ['signed', { verifiedCommits: 'required' }, { unverifiedCommits: 0 }, 'pass', 'ok', '#7 is as the ring asks'],
    [
      'not signed',
      { verifiedCommits: 'required' },
      { unverifiedCommits: 2 },
      'fail',
      'commit_not_verified',
      '#7 has 2 commits without a verified signature',
    ],
    [
      'commits nobody read',
      { verifiedCommits: 'required' },
      {},
      'errored',
      'github_unreachable',
      '#7 could not be asked for its commits',
    ],
    ['a draft', {}, { isDraft: true }, 'fail', 'pull_request_draft', '#7 is still a draft'],
    ['a draft where drafts may', { drafts: 'allow' }, { isDraft: true }, 'pass', 'ok', '#7 is as the ring asks'],
    [
      'a fork, as bad input C53 has it',
      { drafts: 'allow' },
      { isFromFork: true },
      'fail',
      'fork_not_allowed',
      '#7 comes from a fork',
    ],
    ['a fork that was merged', {}, { isFromFork: true, state: 'merged' }, 'pass', 'ok', '#7 is as the ring asks'],
    ['closed', {}, { state: 'closed' }, 'fail', 'pull_request_closed', '#7 was closed without being merged'],
    [
      'labelled',
      { labels: { require: ['Ready'], forbid: [] } },
      { labels: ['ready', 'x'] },
      'pass',
      'ok',
      '#7 is as the ring asks',
    ],
    [
      'a label is missing',
      { labels: { require: ['ready', 'qa'], forbid: [] } },
      { labels: ['ready'] },
      'wait',
      'labels_differ',
      '#7 lacks the label qa',
    ],
    [
      'a label forbids',
      { labels: { require: [], forbid: ['hold'] } },
      { labels: ['HOLD'] },
      'wait',
      'labels_differ',
      '#7 has the label hold',
    ],
    [
      'all is said at once, what refuses first',
      { review: 'required', upToDate: 'required', labels: { require: ['qa'], forbid: [] } },
      { review: 'missing', behindBy: 2 },
      'fail',
      'behind_base',
      '#7 lacks 2 commits of its base; is not approved by a review; lacks the label qa',
    ],
  ])('%s: %4$s', (_, rules, more, verdict, reason, words) => {
    expect(judge(rules, more)).toMatchObject({ gate: 'review', verdict, reason, words })
  })
  it('says what to do wherever it does not pass', () => {
    expect(judge({ review: 'required' }, { review: 'missing' }).remedy).toBe('Let somebody approve it on GitHub.')
  })
})

describe('a candidate without a pull request', () => {
  const strict: Partial<PullRequestRules>[] = [
    { review: 'required' },
    { upToDate: 'required' },
    { verifiedCommits: 'required' },
    { labels: { require: ['qa'], forbid: [] } },
    { labels: { require: [], forbid: ['hold'] } },
  ]
  it.each(strict)('is refused where one is asked for: %j', rules => {
    expect(reviewGate({ ...none, ...rules }, { kind: 'none' })).toMatchObject({
      verdict: 'fail',
      reason: 'review_missing',
    })
    expect(reviewGate({ ...none, ...rules }, { kind: 'unknown' })).toMatchObject({ verdict: 'errored' })
  })
  it('passes where nothing is asked', () => {
    expect(reviewGate(none, { kind: 'none' }).verdict).toBe('pass')
    expect(reviewGate(none, { kind: 'unknown' }).verdict).toBe('pass')
  })
})
