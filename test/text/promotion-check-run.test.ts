import { describe, expect, it } from 'vitest'
import { verbTable } from '../../src/domain/command/verbs.ts'
import type { GateVerdict } from '../../src/domain/gates/gate-verdict.ts'
import type { PromotionView } from '../../src/domain/promotion-view.ts'
import { durationMs } from '../../src/domain/units.ts'
import { promotionCheckRun } from '../../src/text/promotion-check-run.ts'
import { approvalOf } from '../support/control-records.ts'
import { active41, commitOf, minute, shownDeployment, shownPromotion, shownView } from '../support/promotion-views.ts'
import { digestOf } from '../support/ring-records.ts'

const passed: GateVerdict = { gate: 'checks', verdict: 'pass', reason: 'ok', words: '3 checks passed' }
const approvals: GateVerdict = {
  gate: 'approvals',
  verdict: 'wait',
  reason: 'approvals_missing',
  words: '1 of 2 approvals from team:ops',
  remedy: 'Type `/approve`.',
}
const window: GateVerdict = {
  gate: 'windows',
  verdict: 'wait',
  reason: 'outside_window',
  words: 'open only Mon-Thu 08:00-16:00 Europe/Berlin',
  until: minute(4 * 60),
}
const runUrl = 'https://github.com/acme/shop/actions/runs/942'

/** The whole of it, as GitHub gets it. */
function whole(view: PromotionView): string {
  const { name, state, title, summary, text } = promotionCheckRun(view)
  return [`${name} [${state}] ${title}`, summary, '----', text].join('\n')
}

describe('the check run of a promotion', () => {
  it('that waits says for what, until when, who can approve it, and what to type', () => {
    const promotion = shownPromotion({
      state: 'gated',
      reason: 'the customer waits',
      verdicts: [passed, window, approvals],
      end: { reason: 'outside_window', words: 'open only Mon-Thu 08:00-16:00 Europe/Berlin' },
    })
    const expiry = durationMs(1)
    const rule = { count: 2, from: ['team:ops'], self: false, authors: false, expiry, githubReviews: 'ignore' } as const
    const view = shownView({
      promotion,
      approvals: rule,
      approvers: ['team:ops'],
      answers: [approvalOf({ at: minute(3) })],
      rollback: { kind: 'unknown', target: 'v41', words: 'v41 could be restored' },
      shipped: {
        count: 3,
        commits: [{ commit: commitOf(42), subject: 'Answer in French', author: 'hubot' }],
        pulls: [{ number: 12, title: 'Answers in French' }],
      },
      changes: ['+ component translate', '~ LOG_LEVEL: "info" → "debug"'],
    })
    expect(whole(view)).toMatchInlineSnapshot(`
      "ringway/support/production [action_required] v42 waits for windows, approvals
      **v42** into **production** of support, in place of v41.

      **It waits** for:

      - **windows**: open only Mon-Thu 08:00-16:00 Europe/Berlin. It passes by itself at 2026-11-21 07:00 UTC.
      - **approvals**: 1 of 2 approvals from team:ops. Type \`/approve\`.

      **It can be approved** by team:ops, but not by who asked for it or who wrote its commits: press *Approve*, or type \`/approve production\`

      If nothing lets it in, it expires at 2026-11-28 03:00 UTC. To turn it away: \`/reject production\`

      Asked for by @​mona. Why: the customer waits.
      ----
      ### Gates

      | Gate | Verdict | Found | What would make it pass |
      | --- | --- | --- | --- |
      | checks | pass | 3 checks passed |  |
      | windows | **wait** | open only Mon-Thu 08:00-16:00 Europe/Berlin | It passes by itself at 2026-11-21 07:00 UTC. |
      | approvals | **wait** | 1 of 2 approvals from team:ops | Type \`/approve\`. |

      @​hubot approved it at 2026-11-21 03:03 UTC

      ### What ships

      - #12 Answers in French
      - 0000000000 Answer in French (hubot)
      - and 2 more

      ### What changes

      \`\`\`diff
      + component translate
      ~ LOG_LEVEL: "info" → "debug"
      \`\`\`

      ### Rollback

      It would go back to **v41**. v41 could be restored."
    `)
  })

  it('names commands as the repository does', () => {
    const refused = shownPromotion({ state: 'refused', end: { reason: 'rejected', words: 'no' } })
    const verbs = verbTable({ retry: ['.again'] })
    expect(promotionCheckRun(shownView({ promotion: refused, verbs })).summary).toContain(
      'To ask again: `.again production`',
    )
  })

  it('that was refused says the reason and the remedy', () => {
    const failed: GateVerdict = {
      gate: 'checks',
      verdict: 'fail',
      reason: 'checks_failed',
      words: 'e2e failed',
      remedy: 'Re-run e2e on GitHub, or fix it and push.',
    }
    const promotion = shownPromotion({
      state: 'refused',
      verdicts: [failed, approvals],
      end: { reason: 'checks_failed', words: 'e2e failed' },
    })
    expect(whole(shownView({ promotion }))).toMatchInlineSnapshot(`
      "ringway/support/production [failure] v42 was refused: checks failed
      **v42** into **production** of support, in place of v41.

      **It was refused** (\`checks_failed\`); nothing was changed.

      - **checks**: e2e failed. Re-run e2e on GitHub, or fix it and push.

      To ask again: \`/retry production\`

      Asked for by @​mona.
      ----
      ### Gates

      | Gate | Verdict | Found | What would make it pass |
      | --- | --- | --- | --- |
      | checks | **fail** | e2e failed | Re-run e2e on GitHub, or fix it and push. |
      | approvals | **wait** | 1 of 2 approvals from team:ops | Type \`/approve\`. |"
    `)
  })

  it('that is on its way', () => {
    const promotion = shownPromotion({ state: 'dispatched', verdicts: [passed], deployment: 42 })
    const view = shownView({ promotion, deployment: shownDeployment(42, { state: 'building' }), runUrl })
    expect(whole(view)).toMatchInlineSnapshot(`
      "ringway/support/production [in_progress] v42 is on its way
      **v42** into **production** of support, in place of v41.

      **It is on its way** since 2026-11-21 03:01 UTC. [Its run's log](https://github.com/acme/shop/actions/runs/942) has the details.

      Asked for by @​mona.
      ----
      ### Gates

      | Gate | Verdict | Found | What would make it pass |
      | --- | --- | --- | --- |
      | checks | pass | 3 checks passed |  |"
    `)
  })

  it('that became active', () => {
    const deployment = shownDeployment(42, {
      state: 'active',
      activatedAt: minute(5),
      since: minute(5),
      url: 'https://shop.example.com/?a=b*c*',
      words: 'in place of v41',
      checks: [
        {
          kind: 'passed',
          words: 'GET https://shop.example.com/health answered 200',
          evidence: '',
          attempts: 2,
          took_ms: 5,
        },
      ],
    })
    const promotion = shownPromotion({ state: 'done', deployment: 42, end: { reason: 'ok', words: 'v42 is active' } })
    const rollback = { kind: 'unknown', target: 'v41', words: 'v41 could be restored' } as const
    const view = shownView({ promotion, deployment, active: deployment, runUrl, rollback })
    expect(whole(view)).toMatchInlineSnapshot(`
      "ringway/support/production [success] v42 became active
      **v42** into **production** of support, in place of v41.

      **It became active** at 2026-11-21 03:05 UTC; it answers at [https\\://shop.example.com/?a=b\\*c\\*](https://shop.example.com/?a=b%2Ac%2A). To go back: \`/rollback production\`

      Asked for by @​mona.
      ----
      ### Checks

      | Check | Found | Attempts |
      | --- | --- | --- |
      | passed | GET https\\://shop.example.com/health answered 200 | 2 |

      ### Rollback

      It would go back to **v41**. v41 could be restored."
    `)
  })

  it('whose version failed a check and was rolled back', () => {
    const deployment = shownDeployment(42, {
      state: 'rolled_back',
      since: minute(6),
      reason: 'validation_failed',
      words: '`smoke.sh` exited with 1; v41 runs again',
      checks: [
        {
          kind: 'failed',
          words: '`smoke.sh` exited with 1',
          evidence: 'expected 200\ngot ```500```',
          attempts: 3,
          took_ms: 5,
        },
      ],
    })
    const promotion = shownPromotion({ state: 'done', deployment: 42, end: { reason: 'validation_failed', words: '' } })
    expect(whole(shownView({ promotion, deployment, runUrl }))).toMatchInlineSnapshot(`
      "ringway/support/production [failure] v42 was rolled back: validation failed
      **v42** into **production** of support, in place of v41.

      **It was rolled back** (\`validation_failed\`) at 2026-11-21 03:06 UTC: \`smoke.sh\` exited with 1; v41 runs again. It never became active. production points to **v41**.

      [Its run's log](https://github.com/acme/shop/actions/runs/942) has the details. It is kept out of this ring and of later ones. Fix it and push; or, if it was not to blame, let it in again: \`/unquarantine v42\`

      Asked for by @​mona.
      ----
      ### Checks

      | Check | Found | Attempts |
      | --- | --- | --- |
      | **failed** | \`smoke.sh\` exited with 1 | 3 |

      What was said last (\`smoke.sh\` exited with 1):

      \`\`\`\`text
      expected 200
      got \`\`\`500\`\`\`
      \`\`\`\`"
    `)
  })

  it('whose version failed before it was placed', () => {
    const deployment = shownDeployment(42, {
      state: 'failed',
      since: minute(6),
      reason: 'run_vanished',
      words: 'its run ended without saying how',
    })
    const promotion = shownPromotion({ state: 'done', deployment: 42 })
    expect(whole(shownView({ promotion, deployment, runUrl }))).toMatchInlineSnapshot(`
      "ringway/support/production [failure] v42 failed: run vanished
      **v42** into **production** of support, in place of v41.

      **It failed** (\`run_vanished\`) at 2026-11-21 03:06 UTC: its run ended without saying how. production points to **v41**.

      [Its run's log](https://github.com/acme/shop/actions/runs/942) has the details. To try again: \`/retry production\`

      Asked for by @​mona.
      ----
      "
    `)
  })

  it.each([
    { contains: true, says: 'Every commit of v42 is in v43 too: nothing is lost.' },
    {
      contains: false,
      says: '**v43 does not contain it**: some commits of v42 are not in v43. If they should run, type `/promote production v42` once v43 is through.',
    },
    {
      contains: undefined,
      says: 'Whether v43 contains it could not be read from GitHub. If not, type `/promote production v42` once v43 is through.',
    },
  ])('that gave way names its successor, and whether that contains it ($contains)', ({ contains, says }) => {
    const words = 'v43 was requested by @hubot while it was gated'
    const promotion = shownPromotion({
      state: 'superseded',
      supersededBy: 'p-43',
      end: { reason: 'superseded_by_newer', words },
    })
    const next = shownPromotion({
      id: 'p-43',
      candidate: { version: 43, digest: digestOf(43), commit: commitOf(43) },
      requestedBy: { id: 9, login: 'hubot' },
    })
    const view = shownView({ promotion, successor: { promotion: next, contains } })
    expect(whole(view)).toBe(
      [
        'ringway/support/production [neutral] v42 gave way to v43',
        '**v42** into **production** of support, in place of v41.',
        '',
        '**It gave way**: v43 was requested by @\u200bhubot while it was gated.',
        '',
        says,
        '',
        'Asked for by @\u200bmona.',
        '----',
        '',
      ].join('\n'),
    )
  })

  it('that expired says what it still waited for', () => {
    const promotion = shownPromotion({
      state: 'expired',
      verdicts: [approvals],
      end: { reason: 'promotion_expired', words: 'nobody let it in before it expired' },
    })
    expect(whole(shownView({ promotion }))).toMatchInlineSnapshot(`
      "ringway/support/production [neutral] v42 expired: nothing let it in
      **v42** into **production** of support, in place of v41.

      **It expired** at 2026-11-28 03:00 UTC: nothing let it in, and nothing was changed.

      It still waited for:

      - **approvals**: 1 of 2 approvals from team:ops. Type \`/approve\`.

      To ask again: \`/retry production\`

      Asked for by @​mona.
      ----
      ### Gates

      | Gate | Verdict | Found | What would make it pass |
      | --- | --- | --- | --- |
      | approvals | **wait** | 1 of 2 approvals from team:ops | Type \`/approve\`. |"
    `)
  })

  const back = shownPromotion({
    id: 'p-back',
    task: 'rollback',
    state: 'done',
    candidate: { version: 41, digest: digestOf(41), commit: commitOf(41) },
    reason: 'answers are empty',
    deployment: 50,
  })
  const bad = shownDeployment(42, { state: 'rolling_back', activatedAt: minute(5), reason: 'rolled_back_by_person' })

  it('of a rollback that is done', () => {
    const deployment = shownDeployment(41, { id: 50, task: 'rollback', state: 'active', since: minute(9), ends: 42 })
    const view = shownView({ promotion: back, deployment, active: deployment, before: bad, runUrl })
    expect(whole(view)).toMatchInlineSnapshot(`
      "ringway/support/production [success] production went back to v41
      **v41** back into **production** of support, in place of v42.

      **production went back from v42 to v41** at 2026-11-21 03:09 UTC. No version enters by itself until somebody promotes: \`/promote production <version>\`

      Asked for by @​mona. Why: answers are empty.
      ----
      "
    `)
  })

  it('of a rollback that could not restore says what runs, and what to type', () => {
    const deployment = shownDeployment(41, {
      id: 50,
      task: 'rollback',
      state: 'failed',
      since: minute(9),
      reason: 'restore_failed',
      words: '`deploy.sh` exited with 7',
      ends: 42,
    })
    const view = shownView({ promotion: back, deployment, active: bad, before: bad, runUrl })
    expect(whole(view)).toMatchInlineSnapshot(`
      "ringway/support/production [failure] v41 could not be brought back
      **v41** back into **production** of support, in place of v42.

      **v41 could not be brought back** (\`restore_failed\`); it ended at 2026-11-21 03:09 UTC: \`deploy.sh\` exited with 7. production points to **v42**, which is rolling back.

      [Its run's log](https://github.com/acme/shop/actions/runs/942) has the details. It is tried again by itself a few times. To try at once: \`/rollback production\`, or with another version \`/rollback production to <version>\`

      Asked for by @​mona. Why: answers are empty.
      ----
      "
    `)
  })

  it('does not turn red when a newer version took over', () => {
    const deployment = shownDeployment(42, { state: 'superseded', activatedAt: minute(5), since: minute(90) })
    const promotion = shownPromotion({ state: 'done', deployment: 42 })
    expect(promotionCheckRun(shownView({ promotion, deployment, active: active41 })).state).toBe('success')
  })

  it('F103: what strangers wrote stays text: a title, a branch, a login, an address, a line of a log', () => {
    const evil = '[x](javascript:alert(1)) <img src=x onerror=alert(1)> @acme/owners #1 | `/approve` ![a](http://e.vil)'
    const deployment = shownDeployment(42, {
      state: 'rolled_back',
      reason: 'validation_failed',
      words: evil,
      url: 'javascript:alert(1)',
      checks: [
        {
          kind: 'failed',
          words: evil,
          evidence: '```\n</pre><script>alert(1)</script>\n/promote production',
          attempts: 1,
          took_ms: 1,
        },
      ],
    })
    const promotion = shownPromotion({
      state: 'done',
      requestedBy: { id: 6, login: 'mona](http://e.vil)' },
      reason: `refs/heads/${evil}`,
      verdicts: [{ ...approvals, words: evil, remedy: evil }],
    })
    const shipped = {
      count: 1,
      commits: [{ commit: commitOf(42), subject: evil, author: evil }],
      pulls: [{ number: 3, title: evil }],
    }
    const body = whole(
      shownView({ promotion, deployment, shipped, runUrl: 'javascript:alert(2)', changes: ['+ ```', evil] }),
    )
    // Outside of code, where everything is text, nothing of it is left.
    const outside = body.replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, '').replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, '')
    expect(outside).not.toMatch(/<\w/)
    expect(outside).not.toMatch(/@\w|#(?!3 )\d/)
    expect(outside).not.toMatch(/(?<!\\)\]\((?!https:\/\/github\.com)/)
    expect(outside).not.toMatch(/^\/\w/m)
  })
})
