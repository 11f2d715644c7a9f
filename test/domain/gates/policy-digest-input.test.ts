import { describe, expect, it } from 'vitest'
import { policyDigestInput } from '../../../src/domain/gates/policy-digest-input.ts'
import { durationMs } from '../../../src/domain/units.ts'
import { ringOf } from '../../support/ring-records.ts'

type Change = Parameters<typeof ringOf>[1]
const input = (change: Change = {}): string => policyDigestInput(ringOf('production', change))

describe('the rules that an approval is bound to', () => {
  it.each<[string, Change]>([
    ['a gate', { gates: { soak: durationMs(1) } }],
    [
      'who must approve',
      {
        gates: {
          approvals: { count: 1, from: [], self: true, authors: true, expiry: durationMs(1), githubReviews: 'count' },
        },
      },
    ],
    ['a check', { checks: [{ kind: 'http', url: '/', expect: 200, within: durationMs(1) }] }],
    ['the target', { deploy: { kind: 'command', run: './other.sh' } }],
    ['who may', { who: { promote: [{ kind: 'role', role: 'read' }] } }],
    ['the ring before', { after: 'dev' }],
    ['whether drafts may enter', { accepts: 'drafts' }],
    ['the environment', { environment: 'prod' }],
  ])('C48: are others when %s changes', (_, change) => {
    expect(input(change)).not.toBe(input())
  })
  it.each<[string, Change]>([
    ['a configuration value', { config: { LOG_LEVEL: 'debug' } }],
    ['whether versions move in by themselves', { promote: 'auto' }],
    ['when people are told', { alerts: { slow: durationMs(1) } }],
  ])('are the same when %s changes', (_, change) => {
    expect(input(change)).toBe(input())
  })
  it('are canonical JSON', () => {
    expect(input()).toMatch(/^\{"accepts":"versions","checks":\[\],"deploy":\{"kind":"command",/)
  })
})
