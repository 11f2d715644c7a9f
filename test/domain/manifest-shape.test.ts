import { describe, expect, it } from 'vitest'
import { isManifestSummary } from '../../src/domain/manifest-shape.ts'
import { componentOf, manifestOf } from '../support/manifests.ts'
import { digestOf } from '../support/ring-records.ts'

const full = manifestOf({
  components: [
    componentOf('triage', {
      start: 'node x.js',
      input: { type: 'object' },
      output: true,
      timeoutMs: 5,
      uses: [
        { kind: 'local', component: 'classify' },
        { kind: 'published', solution: 'billing', component: 'lookup', version: 'v12', digest: digestOf(12) },
      ],
      graph: { nodes: [{ id: 'a', inputs: { in: 'text?' }, outputs: {} }], edges: [{ from: 'a.x', to: 'b.y' }] },
    }),
  ],
  layers: [{ digest: digestOf(1), size: 5 }],
  config: { repository: { A: 1 }, solution: { B: 'x' }, rings: { staging: { C: true } } },
  locks: [{ path: 'package-lock.json', digest: digestOf(2) }],
})
const copy = (): Record<string, unknown> => JSON.parse(JSON.stringify(full))

describe('a manifest without its files', () => {
  it('is known, with what a later version adds to it', () => {
    expect(isManifestSummary(copy())).toBe(true)
    expect(isManifestSummary({ ...copy(), added: 1 })).toBe(true)
  })

  it.each([
    { of: 'another schema version', wrong: { schemaVersion: 2 } },
    { of: 'no components', wrong: { components: undefined } },
    { of: 'a component without a kind', wrong: { components: [{ ...componentOf('x'), kind: undefined }] } },
    { of: 'a reference of an unknown kind', wrong: { components: [{ ...componentOf('x'), uses: [{ kind: 'far' }] }] } },
    { of: 'a shortened digest', wrong: { layers: [{ digest: 'sha256:00', size: 1 }] } },
    { of: 'a negative size', wrong: { layers: [{ digest: digestOf(1), size: -1 }] } },
    { of: 'a list as configuration', wrong: { config: { repository: [], solution: {}, rings: {} } } },
    { of: 'an object in configuration', wrong: { config: { repository: { A: {} }, solution: {}, rings: {} } } },
    { of: 'a plan without order', wrong: { plan: {} } },
  ])('is none with $of', ({ wrong }) => {
    expect(isManifestSummary({ ...copy(), ...wrong })).toBe(false)
  })

  it.each([null, undefined, 'text', 5, []])('is not %j', value => {
    expect(isManifestSummary(value)).toBe(false)
  })
})
