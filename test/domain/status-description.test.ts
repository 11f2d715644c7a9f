import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeploymentReport, type DeploymentState, deploymentStates } from '../../src/domain/deployment.ts'
import { reasonCodes } from '../../src/domain/reason-code.ts'
import {
  describeStatus,
  type GithubDeploymentState,
  githubStatusFor,
  parseStatusDescription,
} from '../../src/domain/status-description.ts'

const on: Record<DeploymentState, readonly [failed: GithubDeploymentState, errored: GithubDeploymentState]> = {
  queued: ['queued', 'queued'],
  building: ['pending', 'pending'],
  deploying: ['in_progress', 'in_progress'],
  validating: ['in_progress', 'in_progress'],
  active: ['success', 'success'],
  failed: ['failure', 'error'],
  rolling_back: ['in_progress', 'in_progress'],
  rolled_back: ['failure', 'failure'],
  superseded: ['inactive', 'inactive'],
}
it.each(deploymentStates)('[M6] shows %s on GitHub', state => {
  expect([githubStatusFor(state, 'failed'), githubStatusFor(state, 'errored')]).toEqual(on[state])
})

describe('the description of a status', () => {
  it.each<[DeploymentReport, string]>([
    [{ state: 'active', artifact: 'v42', words: 'replaces v41' }, 'active: v42 · replaces v41'],
    [{ state: 'queued', artifact: 'v1', words: '' }, 'queued: v1'],
    [
      { state: 'rolled_back', artifact: 'v2', reason: 'validation_failed', words: 'GET /healthz answered 500' },
      'rolled_back: v2 · validation_failed: GET /healthz answered 500',
    ],
    [
      { state: 'failed', artifact: 'draft 0123456789ab', reason: 'cancelled', words: '' },
      'failed: draft 0123456789ab · cancelled:',
    ],
  ])('is written and read again', (report, text) => {
    expect(describeStatus(report)).toBe(text)
    expect(parseStatusDescription(text)).toEqual(report)
  })

  it('keeps words of several lines in one', () => {
    const report: DeploymentReport = { state: 'failed', artifact: 'v1', words: ' one\n\ttwo\r\nthree ' }
    expect(describeStatus(report)).toBe('failed: v1 · one two three')
  })

  it('cuts at a word, at 140 characters as GitHub counts them', () => {
    const words = 'deploying '.repeat(30)
    const text = describeStatus({ state: 'deploying', artifact: 'v1', words })
    expect(text).toBe(`deploying: v1 · ${'deploying '.repeat(12).trim()}…`)
    const emoji = describeStatus({ state: 'deploying', artifact: 'v1', words: '🚀'.repeat(200) })
    expect(Array.from(emoji)).toHaveLength(140)
    expect(emoji.endsWith('🚀…')).toBe(true)
    expect(emoji.isWellFormed()).toBe(true)
  })

  it.each([
    '',
    'active',
    'active: v42x',
    'Active: v42',
    'active: v0',
    'active: latest · x',
    'active:v42',
    'x active: v42',
    'deployed: v1',
    'draft: v1',
    'active: draft 012',
    'Deployed by Vercel',
    'toString: v1',
    'active: v42 - x',
    `active: v${'9'.repeat(20)}`,
  ])('of a stranger is passed over: %j', text => expect(parseStatusDescription(text)).toBeUndefined())

  it('takes no word for a reason that is none of the closed list', () => {
    expect(parseStatusDescription('failed: v1 · because: of the weather')).toEqual({
      state: 'failed',
      artifact: 'v1',
      words: 'because: of the weather',
    })
    expect(parseStatusDescription('failed: v1 · constructor: x')?.reason).toBeUndefined()
  })

  const artifact = fc.oneof(
    fc.integer({ min: 1, max: 999_999_999 }).map(number => `v${number}`),
    fc.stringMatching(/^[0-9a-f]{12}$/).map(hex => `draft ${hex}`),
  )
  const reasons = fc.constantFrom(
    undefined,
    ...Object.keys(reasonCodes).map(code => parseStatusDescription(`failed: v1 · ${code}:`)?.reason),
  )
  const report = fc.record({
    state: fc.constantFrom(...deploymentStates),
    artifact,
    reason: reasons,
    words: fc.string({ unit: 'grapheme', maxLength: 300 }),
  })

  it('never exceeds 140 characters, and says state, artifact and reason whatever the words', () => {
    fc.assert(
      fc.property(report, one => {
        const text = describeStatus(one)
        expect(Array.from(text).length).toBeLessThanOrEqual(140)
        const read = parseStatusDescription(text)
        expect(read?.state).toBe(one.state)
        expect(read?.artifact).toBe(one.artifact)
        expect(one.reason ?? read?.reason).toBe(read?.reason)
        expect(read && describeStatus(read)).toBe(text)
      }),
      { numRuns: 500, seed: 9 },
    )
  })
})
