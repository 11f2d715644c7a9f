import { describe, expect, it } from 'vitest'
import { compatibilityGate } from '../../../src/domain/gates/compatibility-gate.ts'
import type { JsonSchema, Manifest } from '../../../src/domain/manifest.ts'

function manifestOf(input: JsonSchema): Pick<Manifest, 'components'> {
  const triage = { kind: 'agent', start: 'node a.js', uses: [], tools: [], connectors: [], secrets: [] }
  return { components: [{ ...triage, name: 'triage', input }] }
}

const old = manifestOf({ type: 'object', properties: { text: { type: 'string' } } })
const wider = manifestOf({ type: 'object', properties: { text: { type: ['string', 'null'] } } })
const narrower = manifestOf({ type: 'object', properties: { text: { type: 'string' } }, required: ['text'] })
const gone = { components: [] }
const v1 = { name: 'v1', manifest: old }

describe('[F8] callers of what runs in the ring', () => {
  it.each([
    ['nothing runs', 'block', narrower, [], 'pass', 'ok', 'nothing runs in the ring yet'],
    ['nothing changed', 'block', old, [v1], 'pass', 'ok', 'serves the callers of v1'],
    ['more is taken', 'block', wider, [v1], 'pass', 'ok', 'serves the callers of v1'],
    [
      'less is taken, and that blocks',
      'block',
      narrower,
      [v1],
      'fail',
      'breaking_change',
      'breaks callers of v1: triage: its input now requires `text`',
    ],
    [
      'less is taken, and that is said',
      'warn',
      narrower,
      [v1],
      'pass',
      'breaking_change',
      'breaks callers of v1: triage: its input now requires `text`',
    ],
    ['it is gone', 'block', gone, [v1], 'fail', 'breaking_change', 'breaks callers of v1: triage was removed'],
    [
      'an older version that runs still hold counts too',
      'block',
      old,
      [v1, { name: 'v0', manifest: wider }],
      'fail',
      'breaking_change',
      'breaks callers of v0: triage: its input `text` no longer takes null',
    ],
    [
      'what runs could not be read',
      'block',
      old,
      [{ name: 'v1', manifest: undefined }],
      'errored',
      'store_unreachable',
      'interfaces could not be compared with v1',
    ],
    [
      'the candidate could not be read',
      'block',
      undefined,
      [v1],
      'errored',
      'store_unreachable',
      'interfaces could not be compared with v1',
    ],
    [
      'nobody could compare, and it is only said',
      'warn',
      undefined,
      [v1],
      'pass',
      'ok',
      'interfaces could not be compared with v1',
    ],
  ] as const)('%s: %5$s', (_, rule, candidate, running, verdict, reason, words) => {
    expect(compatibilityGate(rule, { candidate, running })).toMatchObject({
      gate: 'compatibility',
      verdict,
      reason,
      words,
    })
  })
})
