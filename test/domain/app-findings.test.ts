import { describe, expect, it } from 'vitest'
import { deliveryFinding, grantFindings, type RingProtection, ringFindings } from '../../src/domain/app-findings.ts'
import { appEvents, appPermissions } from '../../src/domain/app-needs.ts'
import { ringOf } from '../support/ring-records.ts'

const settings = 'https://github.com/organizations/acme/settings/installations/7'
const permissions = Object.fromEntries(Object.entries(appPermissions).map(([key, { level }]) => [key, level]))
const all = { suspended: false, permissions, events: Object.keys(appEvents), settings }

describe('what the App was given', () => {
  it('is enough, or more than enough', () => {
    expect(grantFindings(all).map(({ verdict }) => verdict)).toEqual(['ok', 'ok'])
    const more = { ...permissions, contents: 'write', members: 'admin' }
    expect(grantFindings({ ...all, permissions: more }).map(({ verdict }) => verdict)).toEqual(['ok', 'ok'])
  })

  it.each(Object.entries(appPermissions))(
    'lacks %s: each permission is missed by itself',
    (key, { name, level, why }) => {
      const { [key]: _, ...less } = permissions
      expect(grantFindings({ ...all, permissions: less })[0]).toEqual({
        what: `permission ${name}: ${level}`,
        verdict: 'problem',
        words: `was not given; the App needs it ${why}`,
        fix: expect.stringContaining(settings),
      })
    },
  )

  it('lacks an event, or is suspended', () => {
    const events = all.events.filter(name => name !== 'issue_comment')
    expect(grantFindings({ ...all, events })).toContainEqual(
      expect.objectContaining({
        what: 'event issue_comment',
        words: expect.stringContaining('somebody has commented'),
      }),
    )
    expect(grantFindings({ ...all, suspended: true })).toMatchObject([{ verdict: 'problem', words: 'is suspended' }])
  })
})

describe('what stands before a ring', () => {
  const ring = ringOf('production')
  const closed: RingProtection = {
    rules: ['ringway'],
    isOurs: true,
    hasReviewers: false,
    preventsSelfReview: false,
    branches: 'protected',
    canAdminsBypass: false,
  }
  const adviceOn = (protection: Partial<RingProtection>): readonly string[] =>
    ringFindings(ring, { ...closed, ...protection }).flatMap(({ verdict, words }) =>
      verdict === 'advice' ? [words] : [],
    )

  it('says which way it is enforced', () => {
    expect(ringFindings(ring, closed)).toEqual([
      { what: `environment ${ring.environment}`, verdict: 'ok', words: 'Ringway is its protection rule' },
    ])
    expect(ringFindings(ring, { ...closed, rules: [], isOurs: false })).toMatchObject([
      { verdict: 'ok', words: expect.stringMatching(/^Ringway dispatches .*GitHub Enterprise/) },
    ])
    expect(ringFindings(ring, undefined)).toMatchObject([
      { verdict: 'advice', fix: expect.stringContaining('New environment') },
    ])
  })

  it.each<[string, Partial<RingProtection>, string]>([
    ['nothing', {}, ''],
    ['the rule of another App beside ours', { rules: ['ringway', 'other'] }, 'another App'],
    ['the rule of another App alone', { rules: ['other'], isOurs: false }, 'another App'],
    ['any branch', { branches: 'all' }, 'any branch'],
    ['administrators who may pass by', { canAdminsBypass: true }, 'administrators'],
    ['administrators where there is nothing to pass by', { canAdminsBypass: true, rules: [], isOurs: false }, ''],
    ['prevent self-review', { hasReviewers: true, preventsSelfReview: true }, 'self-review'],
  ])('advises on %s', (_, protection, words) => {
    expect(adviceOn(protection)).toHaveLength(words === '' ? 0 : 1)
    expect(adviceOn(protection).join()).toContain(words)
  })
})

it('counts what GitHub could not deliver', () => {
  const within = 'the last 24 hours'
  expect(deliveryFinding({ all: 0, failed: 0, within })).toMatchObject({
    verdict: 'ok',
    words: 'none in the last 24 hours',
  })
  expect(deliveryFinding({ all: 9, failed: 2, within })).toMatchObject({
    verdict: 'problem',
    words: '2 of 9 in the last 24 hours did not come through',
  })
})
