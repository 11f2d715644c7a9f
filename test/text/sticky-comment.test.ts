import { describe, expect, it } from 'vitest'
import { defaultVerbs, verbTable } from '../../src/domain/command/verbs.ts'
import type { ConversationView, RingLine } from '../../src/domain/promotion-view.ts'
import { answerText, refusalText } from '../../src/text/command-answer.ts'
import { stickyComment } from '../../src/text/sticky-comment.ts'
import { active41, minute, shownDeployment, shownPromotion } from '../support/promotion-views.ts'
import { digestOf } from '../support/ring-records.ts'

function line(rest: Partial<RingLine> = {}): RingLine {
  return {
    solution: 'support',
    ring: 'production',
    name: 'support/production',
    active: undefined,
    promotion: undefined,
    deployment: undefined,
    lock: undefined,
    lifecycle: 'active',
    ...rest,
  }
}

function view(rest: Partial<ConversationView> = {}): ConversationView {
  return { verbs: defaultVerbs, rings: [], candidates: [], messages: [], answer: undefined, ...rest }
}

describe('the sticky comment', () => {
  it('of two solutions has a line per ring, what waits for people, and what can be typed next', () => {
    const waiting = shownPromotion({
      state: 'gated',
      verdicts: [
        { gate: 'approvals', verdict: 'wait', reason: 'approvals_missing', words: '0 of 1 approvals', remedy: '' },
      ],
      end: { reason: 'approvals_missing', words: '0 of 1 approvals' },
    })
    const lock = { ring: undefined, by: { id: 3, login: 'lea' }, reason: 'audit', since: minute(0), until: minute(90) }
    const rings = [
      line({
        ring: 'dev',
        name: 'support/dev',
        active: shownDeployment(42, { state: 'active', activatedAt: minute(-5) }),
      }),
      line({ active: active41, promotion: waiting, lock: { ...lock, pullRequest: undefined } }),
      line({
        solution: 'shop',
        name: 'shop/production',
        active: shownDeployment(7, { state: 'active', activatedAt: minute(-90) }),
        promotion: shownPromotion({ state: 'done', candidate: { ...waiting.candidate, version: 8 } }),
        deployment: shownDeployment(8, { state: 'failed', reason: 'run_vanished', words: 'no run took it up' }),
        lifecycle: 'paused',
      }),
      line({ solution: 'shop', ring: 'staging', name: 'shop/staging', lifecycle: 'archived' }),
    ]
    const candidates = [{ solution: 'support', name: 'v42', digest: digestOf(42) }]
    const answer = answerText('mona', { words: 'v42 is to enter production; its gates are being asked.' })
    expect(
      stickyComment(view({ rings, candidates, answer, messages: ['Please look, **ops**.'] })),
    ).toMatchInlineSnapshot(`
      "@​mona: v42 is to enter production; its gates are being asked.

      | Ring | Active | Newest promotion |
      | --- | --- | --- |
      | support/dev | v42 since 2026-11-21 02:55 UTC |  |
      | support/production | [v41](https://shop.example.com/) since 2026-11-21 02:00 UTC | **v42** waits: 0 of 1 approvals; locked by @​lea until 2026-11-21 04:30 UTC: audit |
      | shop/production | v7 since 2026-11-21 01:30 UTC; **paused** | **v8** failed since 2026-11-21 03:02 UTC: no run took it up |
      | shop/staging | **archived** |  |

      Please look, **ops**.

      From here \`/promote\` takes **v42** of support (\`sha256:000000000000\`).

      <sub>Next: \`/approve support/production\`, \`/reject support/production\`, \`/retry shop/production\`, \`/rollback <ring>\`, \`/status\`, \`/help\`</sub>"
    `)
  })

  it('of a repository where nothing has happened yet says how to begin', () => {
    expect(stickyComment(view({ rings: [line({ ring: 'dev', name: 'dev' })] }))).toMatchInlineSnapshot(`
      "| Ring | Active | Newest promotion |
      | --- | --- | --- |
      | support/dev | nothing yet |  |

      <sub>Next: \`/promote <ring>\`, \`/rollback <ring>\`, \`/status\`, \`/help\`</sub>"
    `)
  })

  it('of what is on its way names no step: the comment is not edited at each', () => {
    const promotion = shownPromotion({ state: 'dispatched', deployment: 42 })
    const deployment = shownDeployment(42, { state: 'deploying', words: 'placing it' })
    expect(stickyComment(view({ rings: [line({ promotion, deployment })] }))).toContain(
      '| support/production | nothing yet | **v42** is on its way since 2026-11-21 03:01 UTC |',
    )
  })

  it('names commands as the repository does, and leaves its own words alone', () => {
    const verbs = verbTable({ promote: ['.deploy'], status: ['.where'] })
    const body = stickyComment(view({ verbs, messages: ['Ours: `/promote`'], rings: [line()] }))
    expect(body).toContain('<sub>Next: `.deploy <ring>`, `/rollback <ring>`, `.where`, `/help`</sub>')
    expect(body).toContain('Ours: `/promote`')
  })

  it('F103: logins, reasons, addresses and lines of a log do nothing', () => {
    const evil = '](javascript:alert(1)) <b>@acme/owners #1|x'
    const promotion = shownPromotion({ state: 'refused', end: { reason: 'rejected', words: evil } })
    const lock = { ring: undefined, by: { id: 3, login: evil }, reason: evil, since: minute(0), until: undefined }
    const rings = [
      line({ active: { ...active41, url: 'javascript:alert(1)' }, promotion, lock: { ...lock, pullRequest: 1 } }),
    ]
    const body = stickyComment(view({ rings, answer: answerText(evil, { words: evil }) }))
    expect(body).not.toMatch(/<b>|@\w|#\d|(?<!\\)\]\(javascript/)
    expect(
      body
        .split('\n')
        .filter(row => row.startsWith('| support/production'))[0]
        ?.split(/(?<!\\)\|/),
    ).toHaveLength(5)
  })
})

describe('answers', () => {
  it('say who asked, and what was done', () => {
    expect(answerText('mona', { words: 'production goes back to `v41`.', details: '| A |' })).toBe(
      '@\u200bmona: production goes back to `v41`.\n\n| A |',
    )
  })

  it('that refuse say the reason code, what was wrong, and what to do now', () => {
    const verbs = verbTable({ promote: ['.deploy'] })
    const error = {
      code: 'not_permitted',
      message: 'Only maintain may promote into this ring, and you have write.',
      remedy: 'Ask somebody with maintain to comment `/promote production v42`.',
    } as const
    expect(refusalText('mona', error, verbs)).toContain('to comment `.deploy production v42`.')
    expect(refusalText('mona', error)).toBe(
      [
        '@\u200bmona: **not done** (`not_permitted`). Only maintain may promote into this ring, and you have write.',
        '',
        '**Now:** Ask somebody with maintain to comment `/promote production v42`.',
      ].join('\n'),
    )
  })
})
