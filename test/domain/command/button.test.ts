import { describe, expect, it } from 'vitest'
import { buttonNames, buttons, buttonsFor, commandOfButton } from '../../../src/domain/command/button.ts'
import type { GateVerdict } from '../../../src/domain/gates/gate-verdict.ts'
import type { Promotion } from '../../../src/domain/promotion.ts'
import type { RingDeployment } from '../../../src/domain/ring-deployment.ts'
import { deploymentOf, promotionOf, ringKeyOf } from '../../support/control-records.ts'
import { digestOf } from '../../support/ring-records.ts'

const shown = { solution: 'support', ring: 'production', digest: digestOf(7), promotion: 'p7' }

describe('[C17] buttons of a check run', () => {
  it('are no more than GitHub shows', () => expect(buttonNames.length).toBeLessThanOrEqual(3))

  it.each(buttonNames)('%s fits, and comes back as its command', name => {
    const { identifier, label, description } = buttons[name]
    expect(identifier).toMatch(/^[a-z_]{1,20}$/)
    expect(label.length).toBeLessThanOrEqual(20)
    expect(description.length).toBeLessThanOrEqual(40)
    expect(commandOfButton(identifier, shown)).toMatchObject({
      kind: name,
      ring: { solution: 'support', ring: 'production' },
    })
  })

  it('Promote means what the check run shows', () =>
    expect(commandOfButton('promote', shown)).toMatchObject({ artifact: { kind: 'digest', digest: shown.digest } }))

  it('Approve means the promotion of the check run, and no other that may wait by now', () =>
    expect(commandOfButton('approve', shown)).toMatchObject({ promotion: 'p7' }))

  it.each(['', 'Promote', 'roll_back', 'constructor', 'lgtm'])('%j is of somebody else', identifier =>
    expect(commandOfButton(identifier, shown)).toBeUndefined(),
  )
})

describe('the buttons of a promotion', () => {
  const key = ringKeyOf(1)
  const approvals = (verdict: GateVerdict['verdict']): GateVerdict => ({
    gate: 'approvals',
    verdict,
    reason: 'approvals_missing',
    words: '',
  })
  const soak: GateVerdict = { gate: 'soak', verdict: 'wait', reason: 'soaking', words: '' }
  const deployed = (state: RingDeployment['state'], id = 1): RingDeployment => ({ ...deploymentOf(key, { state }), id })

  it.each<[string, Partial<Promotion>, RingDeployment | undefined, RingDeployment | undefined, readonly string[]]>([
    ['waits for approvals', { state: 'gated', verdicts: [soak, approvals('wait')] }, undefined, undefined, ['approve']],
    ['is approved and soaks', { state: 'gated', verdicts: [soak, approvals('pass')] }, undefined, undefined, []],
    ['was refused', { state: 'refused', verdicts: [approvals('wait')] }, undefined, undefined, ['promote']],
    ['waited too long', { state: 'expired' }, undefined, undefined, ['promote']],
    ['was overtaken', { state: 'superseded' }, undefined, undefined, []],
    ['is on its way', { state: 'dispatched' }, deployed('deploying'), undefined, []],
    ['could not be deployed', { state: 'done' }, deployed('failed'), undefined, ['promote']],
    ['runs', { state: 'done' }, deployed('active', 4), deployed('active', 4), ['rollback']],
    ['ran until another took over', { state: 'done' }, deployed('superseded', 4), deployed('active', 5), []],
    ['was a rollback and failed', { state: 'done', task: 'rollback' }, deployed('failed'), undefined, []],
  ])('that %s', (_, promotion, deployment, active, expected) => {
    const view = { promotion: promotionOf(key, { id: 'p', ...promotion }), deployment, active, rollback: undefined }
    expect(buttonsFor(view).map(({ identifier }) => identifier)).toEqual(expected)
  })

  it('do not lead back where nothing was before', () => {
    const active = deployed('active')
    const view = { promotion: promotionOf(key, { id: 'p', state: 'done' }), deployment: active, active }
    expect(buttonsFor({ ...view, rollback: { kind: 'no_target' } })).toEqual([])
  })
})
