import { describe, expect, it } from 'vitest'
import { type Approval, type ApprovalBinding, approvalsGate } from '../../../src/domain/gates/approvals-gate.ts'
import type { Person } from '../../../src/domain/promotion.ts'
import type { ApprovalRule } from '../../../src/domain/ring.ts'
import { durationMs, epochMs } from '../../../src/domain/units.ts'
import { digestOf, minute } from '../../support/ring-records.ts'

const rule: ApprovalRule = {
  count: 2,
  from: ['team:sre', 'olga'],
  self: false,
  authors: false,
  expiry: durationMs(60 * 60_000),
  githubReviews: 'count',
}
const binding: ApprovalBinding = { candidate: digestOf(1), ring: 'production', baseline: digestOf(9), policy: 'p1' }
const now = minute(100)
const person = (id: number, login: string): Person => ({ id, login })
const answer = (who: Person, teams: readonly string[], rest: Partial<Approval> = {}): Approval => ({
  person: who,
  teams,
  answer: 'approved',
  binding,
  at: minute(90),
  via: 'ringway',
  ...rest,
})
const requester = person(1, 'ada')
const ada = answer(requester, ['sre'])
const bob = answer(person(2, 'bob'), ['SRE', 'web'])
const olga = answer(person(3, 'Olga'), [])
const no = (of: Approval): Approval => ({ ...of, answer: 'rejected' })
const one = '1 of 2 approvals from team:sre, olga'

function gate(
  answers: readonly Approval[],
  more: { readonly rule?: Partial<ApprovalRule>; readonly authors?: readonly number[] | undefined } = {},
): ReturnType<typeof approvalsGate> {
  const authors = 'authors' in more ? more.authors : []
  const kept = { requester, authors, binding, answers }
  return approvalsGate({ ...rule, ...more.rule }, { reviewedOnGithub: false, kept }, now)
}

describe('approvals', () => {
  it.each([
    ['[M5] two who may', [bob, olga], {}, 'pass', 'approved by @bob, @Olga'],
    ['one of two', [bob], {}, 'wait', one],
    ['a person counts once, whatever the login is now', [bob, answer(person(2, 'bobby'), ['sre'])], {}, 'wait', one],
    [
      'F42: who took over a login is somebody else',
      [answer(person(2, 'olga'), []), answer(person(3, 'olga'), [])],
      {},
      'pass',
      'approved by @olga, @olga',
    ],
    ['the requester counts where the rule says so', [ada, bob], { self: true }, 'pass', 'approved by @ada, @bob'],
    ['somebody who may not', [bob, answer(person(4, 'eve'), ['web'])], {}, 'wait', one],
    ['a login that is called like the team', [bob, answer(person(4, 'sre'), [])], {}, 'wait', one],
    [
      'anybody where the rule names nobody',
      [bob, answer(person(4, 'eve'), [])],
      { from: [] },
      'pass',
      'approved by @bob, @eve',
    ],
    ['one took it back', [olga, bob, no(bob)], {}, 'fail', 'rejected by @bob'],
    ['one thought again', [no(bob), olga, bob], {}, 'pass', 'approved by @bob, @Olga'],
    [
      'a rejection of somebody who may not',
      [olga, bob, no(answer(person(4, 'eve'), []))],
      {},
      'pass',
      'approved by @Olga, @bob',
    ],
    ['a rejection by the requester, who may not approve', [olga, bob, no(ada)], {}, 'fail', 'rejected by @ada'],
  ] as const)('%s: %4$s', (_, answers, more, verdict, words) => {
    expect(gate(answers, { rule: more })).toMatchObject({ gate: 'approvals', verdict, words })
  })

  it.each([
    ['the requester', [ada, bob], [], '@ada asked for it or wrote it'],
    ['an author, by id', [bob, olga], [3], '@Olga asked for it or wrote it'],
    ['both', [ada, bob, olga], [3], '@ada, @Olga asked for it or wrote it'],
  ] as const)('nobody approves their own work: %s', (_, answers, authors, words) => {
    expect(gate(answers, { authors })).toMatchObject({
      verdict: 'wait',
      words: `${one}; ${words}, and cannot approve it`,
    })
  })
  it('authors count where the rule says so', () => {
    expect(gate([bob, olga], { authors: [2, 3], rule: { authors: true } }).verdict).toBe('pass')
  })
  it('authors that could not be read hold, unless they count', () => {
    expect(gate([bob, olga], { authors: undefined })).toMatchObject({
      verdict: 'errored',
      reason: 'github_unreachable',
    })
    expect(gate([bob, olga], { authors: undefined, rule: { authors: true } }).verdict).toBe('pass')
  })

  it.each([
    { candidate: digestOf(3) },
    { ring: 'staging' },
    { baseline: digestOf(8) },
    { baseline: undefined },
    { policy: 'p2' },
  ])('C48: lapse when what they were given for differs: %j', other => {
    const old = { ...olga, binding: { ...binding, ...other } }
    expect(gate([bob, old])).toMatchObject({
      verdict: 'wait',
      reason: 'approvals_missing',
      words: `${one}; 1 lapsed, because what would be placed, or over what, has changed`,
    })
    expect(gate([bob, olga, no({ ...ada, binding: { ...binding, ...other } })]).verdict).toBe('pass')
  })

  it.each([
    ['is valid to its last millisecond', minute(40) + 1, 'pass', 'approved by @bob, @Olga'],
    ['and not afterwards', minute(40), 'wait', `${one}; 1 expired`],
  ] as const)('an approval %s', (_, at, verdict, words) => {
    expect(gate([bob, { ...olga, at: epochMs(at) }])).toMatchObject({ verdict, words })
  })
  it('a rejection does not expire', () => {
    expect(gate([bob, olga, no({ ...ada, at: minute(0) })]).verdict).toBe('fail')
  })

  it.each([
    ['count', 'pass'],
    ['ignore', 'wait'],
  ] as const)('reviews of the GitHub Environment: %s', (githubReviews, verdict) => {
    expect(gate([bob, { ...olga, via: 'github' }], { rule: { githubReviews } }).verdict).toBe(verdict)
  })
  it('an ignored review takes back no answer', () => {
    const review = { ...no(bob), via: 'github' } as const
    expect(gate([bob, olga, review], { rule: { githubReviews: 'ignore' } }).verdict).toBe('pass')
    expect(gate([bob, olga, review]).verdict).toBe('fail')
  })
})

describe('approvals without the App', () => {
  it.each([
    ['none asked for', undefined, false, 'pass', 'ok'],
    ['only the App can count', rule, false, 'fail', 'app_required'],
    ['GitHub has required reviewers', rule, true, 'pass', 'ok'],
  ] as const)('%s: %4$s', (_, wanted, reviewedOnGithub, verdict, reason) => {
    expect(approvalsGate(wanted, { reviewedOnGithub }, now)).toMatchObject({ verdict, reason })
  })
  it('what the App knows weighs more than that a job was reviewed', () => {
    const facts = { reviewedOnGithub: true, kept: { requester, authors: [], binding, answers: [] } }
    expect(approvalsGate(rule, facts, now).verdict).toBe('wait')
  })
})
