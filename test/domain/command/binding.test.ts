import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BindingFacts, type CommandBinding, checkAge, checkBinding } from '../../../src/domain/command/binding.ts'
import { commitSha, durationMs, epochMs } from '../../../src/domain/units.ts'
import { digestOf } from '../../support/ring-records.ts'

const head = (n: number): CommandBinding['headSha'] => commitSha(n.toString(16).padStart(40, 'a'))

const binding: CommandBinding = {
  commentId: 1,
  actorId: 7,
  solution: 'support',
  ring: 'staging',
  digest: digestOf(5),
  from: 'head',
  shown: digestOf(5),
  headSha: head(1),
  baseSha: head(9),
  policyDigest: digestOf(100),
  configDigest: digestOf(200),
}
const facts: BindingFacts = {
  headSha: head(1),
  policyDigest: digestOf(100),
  configDigest: digestOf(200),
  fromFork: false,
  isReachable: true,
  isCommentMissing: false,
  permission: { allowed: true },
}

describe('what a command is bound to', () => {
  it.each<[string, Partial<CommandBinding>, Partial<BindingFacts>]>([
    ['nothing changed', {}, {}],
    ['nothing was shown before', { shown: undefined }, {}],
    ['something else was named than was shown', { from: 'named', shown: digestOf(4) }, {}],
    ['an issue has no head', { headSha: undefined }, { headSha: undefined }],
    ['other merges moved the base', { baseSha: head(3) }, {}],
  ])('holds when %s', (_, bound, now) =>
    expect(checkBinding({ ...binding, ...bound }, { ...facts, ...now })).toEqual({ kind: 'ok' }),
  )

  it.each<[string, Partial<CommandBinding>, Partial<BindingFacts>, string, readonly string[]]>([
    ['C44: a push came between', {}, { headSha: head(2) }, 'binding_stale', ['aaaaaaaaaaaa']],
    ['the comment shows another draft', { shown: digestOf(4) }, {}, 'binding_stale', ['000000000000']],
    ['the comment showed another version', { from: 'merge', shown: digestOf(4) }, {}, 'binding_stale', []],
    ['C48: the policy changed on the base', {}, { policyDigest: digestOf(101) }, 'binding_stale', ["ring's policy"]],
    ['the configuration changed', {}, { configDigest: digestOf(201) }, 'binding_stale', ["ring's configuration"]],
    ['the configuration is gone', {}, { configDigest: undefined }, 'binding_stale', ['is none now']],
    ['C50: a commit is only in a fork', {}, { isReachable: false }, 'not_reachable', ['no protected branch']],
    ['C53: it is a fork', {}, { fromFork: true }, 'fork_not_allowed', []],
    ['B40: the comment was deleted', {}, { isCommentMissing: true }, 'comment_gone', []],
    [
      'B41: the person lost the permission',
      {},
      { permission: { allowed: false, words: 'Only write may promote.', remedy: 'Ask one of them.' } },
      'actor_no_longer_allowed',
      ['Only write may promote.', 'Ask one of them.'],
    ],
  ])('is refused when %s', (_, bound, now, code, words) => {
    const checked = checkBinding({ ...binding, ...bound }, { ...facts, ...now })
    expect(checked).toMatchObject({ kind: 'refused', code })
    for (const part of words) expect(JSON.stringify(checked)).toContain(part)
  })

  it('says both values', () => {
    const [before, after] = [commitSha('1'.repeat(40)), commitSha('2'.repeat(40))]
    expect(checkBinding({ ...binding, headSha: before }, { ...facts, headSha: after })).toMatchObject({
      message:
        'The head of the pull request was `111111111111` when the command was given, and is `222222222222` now; nothing was done.',
      remedy: 'Look at what is shown now, and give the command again.',
    })
  })
})

describe('C44, C45, C46: pushes around a command', () => {
  // What is received, in its order; the dates of commits are not even known here.
  const event = fc.constantFrom('push', 'show', 'command')
  const bindingAfter = (pushes: number, shown: number | undefined): CommandBinding => ({
    ...binding,
    digest: digestOf(pushes),
    shown: shown === undefined ? undefined : digestOf(shown),
    headSha: head(pushes),
  })

  it('whatever the order: the old digest, or nothing', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), events => {
        let pushes = 0
        let shown: number | undefined
        let given: CommandBinding | undefined
        const outcomes: [is: string, expected: string][] = []
        for (const one of events) {
          if (one === 'push') pushes += 1
          if (one === 'show') shown = pushes
          if (one === 'command') given = bindingAfter(pushes, shown)
          if (given === undefined) continue
          const isWhatWasSeen = given.headSha === head(pushes) && (given.shown ?? given.digest) === given.digest
          const checked = checkBinding(given, { ...facts, headSha: head(pushes) })
          outcomes.push([checked.kind, isWhatWasSeen ? 'ok' : 'refused'])
        }
        expect(outcomes.map(([is]) => is)).toEqual(outcomes.map(([, expected]) => expected))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the age of a command', () => {
  const given = epochMs(1_000_000)
  it.each([
    [0, 'ok'],
    [15 * 60_000, 'ok'],
    [15 * 60_000 + 1, 'refused'],
    [71 * 3_600_000, 'refused'],
    // Clocks differ a little.
    [-2_000, 'ok'],
  ])('A22: %i ms: %s', (age, kind) => expect(checkAge(given, epochMs(given + age)).kind).toBe(kind))
  it('is said', () =>
    expect(checkAge(given, epochMs(given + 3_600_000))).toEqual({
      kind: 'refused',
      code: 'command_expired',
      message: 'The command is 60 minutes old, and 15 minutes were expected at most: expired, not run.',
      remedy: 'Give it again.',
    }))
  it("may be a repository's own", () => {
    expect(checkAge(given, epochMs(given + 90_000), durationMs(60_000))).toMatchObject({ code: 'command_expired' })
  })
})
