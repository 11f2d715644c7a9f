import { describe, expect, it } from 'vitest'
import type { RingFile } from '../../src/domain/solution.ts'
import { type MessageFacts, messageMoment, promotionMessage } from '../../src/text/promotion-message.ts'
import { active41, shownDeployment, shownPromotion } from '../support/promotion-views.ts'

function facts(rest: Partial<MessageFacts> = {}): MessageFacts {
  const runUrl = 'https://github.com/acme/shop/actions/runs/9'
  return {
    promotion: shownPromotion(),
    deployment: undefined,
    before: active41,
    environment: 'shop-production',
    runUrl,
    ...rest,
  }
}

const every: RingFile['messages'] = {
  waiting: 'waiting',
  refused: 'refused',
  deployed: 'deployed',
  failed: 'failed',
  'rolled-back': 'rolled back',
}

describe('a message in words of the repository', () => {
  it.each([
    ['requested', undefined, 'deploy', undefined],
    ['gated', undefined, 'deploy', 'waiting'],
    ['authorised', undefined, 'deploy', 'waiting'],
    ['refused', undefined, 'deploy', 'refused'],
    ['superseded', undefined, 'deploy', undefined],
    ['expired', undefined, 'deploy', undefined],
    ['dispatched', 'validating', 'deploy', undefined],
    ['done', 'active', 'deploy', 'deployed'],
    ['done', 'superseded', 'deploy', undefined],
    ['done', 'failed', 'deploy', 'failed'],
    ['done', 'rolled_back', 'deploy', 'rolled-back'],
    ['done', 'active', 'rollback', 'rolled-back'],
    ['done', 'failed', 'rollback', 'failed'],
    ['done', 'rolled_back', 'rollback', 'failed'],
  ] as const)('of a promotion that is %s with a deployment that is %s (%s): %s', (state, deployed, task, moment) => {
    const deployment = deployed === undefined ? undefined : shownDeployment(42, { state: deployed, task })
    const given = facts({ promotion: shownPromotion({ state, task }), deployment })
    expect(messageMoment(given)).toBe(moment)
    expect(promotionMessage(every, given)).toBe(moment?.replace('-', ' '))
    expect(promotionMessage({}, given)).toBeUndefined()
  })

  it('says everything that a message can say', () => {
    const deployed =
      '{{version}} ({{digest}}, {{commit}}) of {{solution}} is {{state}} in {{ring}} ({{environment}}) after {{previous}}: [open]({{url}}), [log]({{run}}). {{actor}}: {{reason}}'
    const deployment = shownDeployment(42, { state: 'active', url: 'https://shop.example.com/a(b)' })
    const promotion = shownPromotion({ state: 'done', reason: 'the customer waits' })
    expect(promotionMessage({ deployed }, facts({ promotion, deployment }))).toBe(
      `v42 (${promotion.candidate.digest}, ${promotion.candidate.commit}) of support is active in production (shop-production) after v41: [open](https://shop.example.com/a%28b%29), [log](https://github.com/acme/shop/actions/runs/9). mona: the customer waits`,
    )
  })

  it('F103: runs nothing, and what it is filled with stays text', () => {
    const failed = '{{actor}} | {{reason}} | {{url}} | ${process.env} <%= 1 %> {% x %}'
    const promotion = shownPromotion({
      state: 'done',
      requestedBy: { id: 1, login: '{{reason}}' },
      reason: '@acme/owners [x](javascript:alert(1)) {{digest}} <img>',
    })
    const deployment = shownDeployment(42, { state: 'failed', url: 'javascript:alert(1)//[x](y)' })
    expect(promotionMessage({ failed }, facts({ promotion, deployment }))).toBe(
      '{{reason}} | @\u200bacme/owners \\[x\\](javascript:alert(1)) {{digest}} &lt;img> | javascript:alert(1)//\\[x\\](y) | ${process.env} <%= 1 %> {% x %}',
    )
  })
})
