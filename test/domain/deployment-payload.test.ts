import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type DeploymentPayload,
  decodeDeploymentPayload,
  deploymentPayload,
} from '../../src/domain/deployment-payload.ts'
import { digestOf } from '../support/ring-records.ts'

const payload: DeploymentPayload = {
  promotion: 'run-17',
  solution: 'support',
  ring: 'staging',
  version: 42,
  digest: digestOf(42),
  baseline: digestOf(41),
  task: 'deploy',
  requestedBy: 'dependabot[bot]',
  parameters: { region: 'eu-1', 'dry-run': 'no' },
}
const written = deploymentPayload(payload)

describe('the payload of a GitHub Deployment', () => {
  it('is written with the version of its form', () => {
    expect(written).toEqual({
      schema_version: 1,
      promotion: 'run-17',
      solution: 'support',
      ring: 'staging',
      version: 'v42',
      digest: digestOf(42),
      baseline: digestOf(41),
      task: 'deploy',
      requested_by: 'dependabot[bot]',
      parameters: { region: 'eu-1', 'dry-run': 'no' },
    })
  })

  it.each([payload, { ...payload, version: undefined, baseline: undefined, task: 'rollback' as const }])(
    'comes back through JSON as it was',
    one => {
      const wire: unknown = JSON.parse(JSON.stringify(deploymentPayload(one)))
      expect(decodeDeploymentPayload(wire)).toEqual(one)
    },
  )

  it('is read when an earlier version of Ringway, which knew no parameters, has written it', () => {
    const { parameters: _parameters, ...earlier } = written
    expect(decodeDeploymentPayload(earlier)).toEqual({ ...payload, parameters: {} })
  })

  it('is read when a later version of Ringway has added to it', () => {
    expect(decodeDeploymentPayload({ ...written, weight: 5 })).toEqual(payload)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['the empty text of GitHub itself', ''],
    ['an empty object', {}],
    ['a list', [written]],
    ['JSON text', JSON.stringify(written)],
    ['another form', { ...written, schema_version: 2 }],
    ['a form in words', { ...written, schema_version: '1' }],
    ['a tag for a version', { ...written, version: 'latest' }],
    ['version zero', { ...written, version: 'v0' }],
    ['a number for a version', { ...written, version: 42 }],
    ['no version at all', { ...written, version: undefined }],
    ['a short digest', { ...written, digest: 'sha256:abc' }],
    ['a digest in upper case', { ...written, digest: digestOf(0xabc).toUpperCase() }],
    ['a baseline that is no digest', { ...written, baseline: 'v41' }],
    ['another task', { ...written, task: 'deploy:migrations' }],
    ['an empty ring', { ...written, ring: '' }],
    ['a ring with a line break', { ...written, ring: 'dev\n::set-output' }],
    ['a ring with a bidirectional override', { ...written, ring: 'dev\u202e' }],
    ['a name without end', { ...written, solution: 'a'.repeat(201) }],
    ['nobody who wanted it', { ...written, requested_by: '' }],
    ['a promotion that is an object', { ...written, promotion: { toString: 'x' } }],
    ['parameters that are text', { ...written, parameters: 'region=eu' }],
    ['parameters that are a list', { ...written, parameters: ['region'] }],
    ['a parameter that a shell would run', { ...written, parameters: { region: '$(id)' } }],
    ['a parameter with a line break in its name', { ...written, parameters: { 'a\nb': 'c' } }],
    ['a parameter that is a number', { ...written, parameters: { replicas: 3 } }],
    [
      'more parameters than a command takes',
      { ...written, parameters: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`p${n}`, 'x'])) },
    ],
    ['fields that are only inherited', Object.create(written)],
  ])('of a stranger is none: %s', (_, value) => expect(decodeDeploymentPayload(value)).toBeUndefined())

  it('never throws, and takes nothing for ours that lacks a digest', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), value => {
        expect(decodeDeploymentPayload(value)).toBeUndefined()
      }),
      { numRuns: 500, seed: 10 },
    )
  })
})
