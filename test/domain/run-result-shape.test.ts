import { describe, expect, it } from 'vitest'
import { type RunResult, resultOfError } from '../../src/domain/result.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import { isRunResult } from '../../src/domain/run-result-shape.ts'
import { digestOf } from '../support/ring-records.ts'

const result: RunResult = {
  schema_version: 1,
  command: 'deploy',
  decision: 'refused',
  reason_code: 'soaking',
  message: 'soak: 3 min of its soak in dev are left',
  remedy: 'Deploy again when it has passed.',
  solution: 'support',
  ring: 'staging',
  environment: 'staging',
  version: 'v2',
  digest: digestOf(2),
  deployment_id: 7,
  state: 'failed',
  previous_version: 'v1',
  url: 'http://127.0.0.1:1',
  changed: false,
  gates: [{ gate: 'soak', verdict: 'wait', reason: 'soaking', words: '3 min left', until: undefined }],
  checks: [{ kind: 'passed', words: 'GET /healthz answered 200', evidence: '', attempts: 1, took_ms: 12 }],
  solutions: [
    {
      solution: 'support',
      version: null,
      digest: digestOf(2),
      content: digestOf(3),
      published: true,
      changed: true,
      uploaded_bytes: 1000,
      compatibility: null,
      dispatched: [{ ring: 'dev', run_url: 'https://github.example/r/1', deployment_id: null }],
    },
  ],
  rings: [
    {
      solution: 'support',
      ring: 'dev',
      environment: 'dev',
      version: null,
      digest: null,
      state: null,
      newest: 'v2',
      url: null,
    },
  ],
  dispatched: [{ ring: 'dev', run_url: 'https://github.example/r/1' }],
}
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('the record in which every run ends', () => {
  it('is understood as it comes out of JSON', () => expect(isRunResult(wire(result))).toBe(true))

  it('is understood with nothing but what every run has', () => {
    const error = new RingwayError({ code: 'store_unreachable', kind: 'errored', message: 'm', remedy: 'r' })
    const least = resultOfError('build', error)
    expect(least).toMatchObject({ decision: 'errored', reason_code: 'store_unreachable', message: 'm', remedy: 'r' })
    expect(isRunResult(wire(least))).toBe(true)
  })

  it('is understood when a later version has added a field', () => {
    expect(isRunResult({ ...result, cost: 1 })).toBe(true)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', JSON.stringify(result)],
    ['a list', [result]],
    ['another form', { ...result, schema_version: 2 }],
    ['a decision that does not exist', { ...result, decision: 'maybe' }],
    ['an inherited decision', { ...result, decision: 'toString' }],
    ['a reason outside the closed list', { ...result, reason_code: 'bad_luck' }],
    ['a state that does not exist', { ...result, state: 'paused' }],
    ['a deployment that is no number', { ...result, deployment_id: '7' }],
    ['a deployment below zero', { ...result, deployment_id: -7 }],
    ['a verdict that does not exist', { ...result, gates: [{ ...result.gates?.[0], verdict: 'perhaps' }] }],
    ['a gate that does not exist', { ...result, gates: [{ ...result.gates?.[0], gate: 'mood' }] }],
    ['checks that are no list', { ...result, checks: {} }],
    ['a check without evidence', { ...result, checks: [{ ...result.checks?.[0], evidence: undefined }] }],
    ['a solution without a digest', { ...result, solutions: [{ ...result.solutions?.[0], digest: null }] }],
    ['a dispatched run without a place', { ...result, dispatched: [{ ring: 'dev' }] }],
    ['no message', { ...result, message: undefined }],
  ])('is not: %s', (_, value) => expect(isRunResult(value)).toBe(false))
})
