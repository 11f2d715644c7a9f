import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../src/domain/canonical-json.ts'
import { isEmpty, manifestDifference } from '../../../src/domain/difference/manifest-difference.ts'
import type { JsonSchema, Manifest, ManifestComponent, ManifestFile } from '../../../src/domain/manifest.ts'
import { componentOf, manifestOf } from '../../support/manifests.ts'
import { digestOf } from '../../support/ring-records.ts'

const file = (path: string, content: number, executable = false): ManifestFile => ({
  path,
  digest: digestOf(content),
  size: 1,
  executable,
})

describe('[F3] the structural difference of two manifests', () => {
  it('is empty between equals, whatever the order of lists', () => {
    const a = manifestOf({ components: [componentOf('triage', { tools: ['a', 'b'], secrets: ['X', 'Y'] })] })
    const b = manifestOf({ components: [componentOf('triage', { tools: ['b', 'a'], secrets: ['Y', 'X'] })] })
    expect(manifestDifference(a, b)).toEqual({
      components: [],
      files: { added: 0, removed: 0, changed: 0 },
      config: [],
      locks: [],
    })
    expect(isEmpty(manifestDifference(a, b))).toBe(true)
  })

  it('names components that are new and gone', () => {
    const before = manifestOf({ components: [componentOf('classify'), componentOf('triage')] })
    const after = manifestOf({ components: [componentOf('triage'), componentOf('answer', { kind: 'workflow' })] })
    expect(manifestDifference(before, after).components).toEqual([
      { kind: 'added', component: componentOf('answer', { kind: 'workflow' }) },
      { kind: 'removed', component: componentOf('classify') },
    ])
  })

  const input: JsonSchema = { type: 'object', required: ['ticket'], properties: { ticket: { type: 'string' } } }
  it.each<[string, Partial<ManifestComponent>, Partial<ManifestComponent>, unknown]>([
    ['kind', { kind: 'code' }, { kind: 'agent' }, { kind: 'setting', name: 'kind', before: 'code', after: 'agent' }],
    ['start', {}, { start: 'node b.js' }, { kind: 'setting', name: 'start', before: undefined, after: 'node b.js' }],
    ['timeout', { timeoutMs: 1 }, { timeoutMs: 2 }, { kind: 'setting', name: 'timeout', before: 1, after: 2 }],
    [
      'interface',
      { input },
      {
        input: {
          type: 'object',
          required: ['ticket', 'sender'],
          properties: { ticket: { type: 'string' }, sender: true },
        },
      },
      {
        kind: 'schema',
        name: 'input',
        changes: [
          { path: 'properties.sender', before: undefined, after: true },
          { path: 'required', before: ['ticket'], after: ['ticket', 'sender'] },
        ],
      },
    ],
    [
      'interface that is gone',
      { output: true },
      {},
      { kind: 'schema', name: 'output', changes: [{ path: '', before: true, after: undefined }] },
    ],
    [
      'what it uses',
      {
        uses: [
          { kind: 'local', component: 'classify' },
          { kind: 'published', solution: 'billing', component: 'lookup', version: 'v12', digest: digestOf(12) },
        ],
      },
      {
        uses: [
          { kind: 'local', component: 'classify' },
          { kind: 'published', solution: 'billing', component: 'lookup', version: 'v13', digest: digestOf(13) },
        ],
      },
      { kind: 'list', name: 'uses', added: ['billing/lookup@v13'], removed: ['billing/lookup@v12'] },
    ],
    ['tools', { tools: ['a'] }, { tools: ['a', 'b'] }, { kind: 'list', name: 'tools', added: ['b'], removed: [] }],
    [
      'connectors',
      { connectors: ['zendesk'] },
      {},
      { kind: 'list', name: 'connectors', added: [], removed: ['zendesk'] },
    ],
    [
      'secrets, by name',
      {},
      { secrets: ['API_KEY'] },
      { kind: 'list', name: 'secrets', added: ['API_KEY'], removed: [] },
    ],
    [
      'graph',
      {
        graph: {
          nodes: [
            { id: 'a', inputs: {}, outputs: { x: 'text' } },
            { id: 'b', inputs: { y: 'text' }, outputs: {} },
          ],
          edges: [{ from: 'a.x', to: 'b.y' }],
        },
      },
      {
        graph: {
          nodes: [
            { id: 'a', inputs: {}, outputs: { x: 'number' } },
            { id: 'c', inputs: {}, outputs: {} },
          ],
          edges: [],
        },
      },
      {
        kind: 'graph',
        nodes: [
          {
            name: 'a',
            before: { id: 'a', inputs: {}, outputs: { x: 'text' } },
            after: { id: 'a', inputs: {}, outputs: { x: 'number' } },
          },
          { name: 'b', before: { id: 'b', inputs: { y: 'text' }, outputs: {} }, after: undefined },
          { name: 'c', before: undefined, after: { id: 'c', inputs: {}, outputs: {} } },
        ],
        edges: [{ name: 'a.x → b.y', before: 'a.x → b.y', after: undefined }],
      },
    ],
  ])('says how a component differs: %s', (_, before, after, change) => {
    const difference = manifestDifference(
      manifestOf({ components: [componentOf('triage', before)] }),
      manifestOf({ components: [componentOf('triage', after)] }),
    )
    expect(difference.components).toEqual([{ kind: 'changed', name: 'triage', changes: [change] }])
    expect(isEmpty(difference)).toBe(false)
  })

  it('counts files, a change of mode included, and says whose they are', () => {
    const before = manifestOf({
      components: [componentOf('triage')],
      files: [file('a', 1), file('b', 2), file('run.sh', 3)],
      layers: [{ component: 'triage', digest: digestOf(7), size: 1 }],
    })
    const after = manifestOf({
      components: [componentOf('triage')],
      files: [file('a', 9), file('c', 2), file('run.sh', 3, true)],
      layers: [{ component: 'triage', digest: digestOf(8), size: 1 }],
    })
    const difference = manifestDifference(before, after)
    expect(difference.files).toEqual({ added: 1, removed: 1, changed: 2 })
    expect(difference.components).toEqual([{ kind: 'changed', name: 'triage', changes: [{ kind: 'files' }] }])
  })

  it('[M18] compares each layer of configuration, and the dependency locks', () => {
    const before = manifestOf({
      config: { repository: { A: 1 }, solution: { B: false }, rings: { dev: { C: 'x' }, old: { D: 'y' } } },
      locks: [{ path: 'package-lock.json', digest: digestOf(1) }],
    })
    const after = manifestOf({
      config: {
        repository: { A: 2 },
        solution: { B: false, E: '' },
        rings: { dev: { C: 'x' }, constructor: { F: 0 } },
      },
      locks: [{ path: 'package-lock.json', digest: digestOf(2) }],
    })
    const difference = manifestDifference(before, after)
    expect(difference.config).toEqual([
      { layer: 'repository', name: 'A', before: 1, after: 2 },
      { layer: 'solution', name: 'E', before: undefined, after: '' },
      { layer: 'ring constructor', name: 'F', before: undefined, after: 0 },
      { layer: 'ring old', name: 'D', before: 'y', after: undefined },
    ])
    expect(difference.locks.map(lock => lock.name)).toEqual(['package-lock.json'])
  })

  const component = fc
    .record({
      name: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom('agent', 'code'),
      tools: fc.subarray(['x', 'y', 'z']),
      input: fc.constantFrom(true, false, { type: 'object' }),
    })
    .map(({ name, ...rest }) => componentOf(name, rest))
  const manifest = fc
    .record({
      components: fc.uniqueArray(component, { selector: one => one.name, maxLength: 3 }),
      files: fc.uniqueArray(
        fc.tuple(fc.constantFrom('f', 'g', 'h'), fc.nat(3)).map(([path, content]) => file(path, content)),
        { selector: one => one.path },
      ),
      solution: fc.dictionary(fc.constantFrom('A', 'B'), fc.oneof(fc.boolean(), fc.nat(2)), { noNullPrototype: true }),
    })
    .map(
      ({ components, files, solution }): Manifest =>
        manifestOf({ components, files, config: { repository: {}, solution, rings: {} } }),
    )

  it('is empty exactly between equals, and read backwards has new and gone the other way round', () => {
    fc.assert(
      fc.property(manifest, manifest, (a, b) => {
        expect(isEmpty(manifestDifference(a, a))).toBe(true)
        const [there, back] = [manifestDifference(a, b), manifestDifference(b, a)]
        const sorted = (one: Manifest): unknown => ({
          config: one.config,
          components: one.components.toSorted((x, y) => x.name.localeCompare(y.name)),
          files: one.files.toSorted((x, y) => x.path.localeCompare(y.path)),
        })
        expect(isEmpty(there)).toBe(canonicalJson(sorted(a)) === canonicalJson(sorted(b)))
        expect([back.files.added, back.files.removed, back.files.changed]).toEqual([
          there.files.removed,
          there.files.added,
          there.files.changed,
        ])
        const kinds = (one: typeof there): readonly string[] => one.components.map(({ kind }) => kind).toSorted()
        const turned = kinds(there).map(kind => (kind === 'added' ? 'removed' : kind === 'removed' ? 'added' : kind))
        expect(kinds(back)).toEqual(turned.toSorted())
      }),
      { numRuns: 300, seed: 3 },
    )
  })
})
