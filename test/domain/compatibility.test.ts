import { describe, expect, it } from 'vitest'
import { compareInterfaces } from '../../src/domain/compatibility.ts'
import type { JsonSchema, ManifestComponent } from '../../src/domain/manifest.ts'

const ticket: JsonSchema = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] }
const answer: JsonSchema = { type: 'object', properties: { team: { enum: ['sales', 'care'] } }, required: ['team'] }

const triage: ManifestComponent = {
  name: 'triage',
  kind: 'agent',
  start: 'node triage.js',
  path: '/triage',
  input: ticket,
  output: answer,
  uses: [],
  tools: [],
  connectors: [],
  secrets: [],
}
const prompt: ManifestComponent = { name: 'prompt', kind: 'model', uses: [], tools: [], connectors: [], secrets: [] }

function compare(before: readonly ManifestComponent[], after: readonly ManifestComponent[]) {
  return compareInterfaces({ components: before }, { components: after })
}

describe('interfaces of a version against those of the one before', () => {
  it.each<{ why: string; after: readonly ManifestComponent[]; breaking: boolean; says: string[] }>([
    { why: 'nothing changed', after: [triage], breaking: false, says: [] },
    {
      why: 'inside a component',
      after: [{ ...triage, start: 'node other.js', tools: ['search'], timeoutMs: 5 }],
      breaking: false,
      says: [],
    },
    { why: 'a new component', after: [prompt, triage], breaking: false, says: ['added: prompt is new.'] },
    { why: 'no component', after: [], breaking: true, says: ['removed: triage was removed.'] },
    {
      why: 'another name',
      after: [{ ...triage, name: 'sort' }],
      breaking: true,
      says: ['renamed: triage is called sort now.'],
    },
    {
      why: 'another name and another interface are another component',
      after: [{ ...triage, name: 'sort', input: true }],
      breaking: true,
      says: ['added: sort is new.', 'removed: triage was removed.'],
    },
    {
      why: 'another kind under another name is another component',
      after: [{ ...triage, name: 'sort', kind: 'code' }],
      breaking: true,
      says: ['added: sort is new.', 'removed: triage was removed.'],
    },
    {
      why: 'more is asked of callers',
      after: [{ ...triage, input: { ...ticket, required: ['text', 'email'] } }],
      breaking: true,
      says: ['narrowed_input: triage: its input now requires `email`.'],
    },
    {
      why: 'less is asked of callers',
      after: [{ ...triage, input: { ...ticket, required: [] } }],
      breaking: false,
      says: [],
    },
    {
      why: 'callers get what they do not know',
      after: [{ ...triage, output: { ...answer, properties: { team: { enum: ['sales', 'care', 'law'] } } } }],
      breaking: true,
      says: ['changed_output: triage: its output `team` may be "law" now.'],
    },
    {
      why: 'callers may miss what they were promised',
      after: [{ ...triage, output: { ...answer, required: [] } }],
      breaking: true,
      says: ['changed_output: triage: its output may come without `team` now.'],
    },
    {
      why: 'callers get less than they know',
      after: [{ ...triage, output: { ...answer, properties: { team: { const: 'care' } } } }],
      breaking: false,
      says: [],
    },
    {
      why: 'the output is no longer declared',
      after: [{ ...triage, output: undefined }],
      breaking: true,
      says: ['changed_output: triage: its output is no longer declared; it may be anything now.'],
    },
    {
      why: 'it cannot be called any more',
      after: [{ ...triage, start: undefined, path: undefined }],
      breaking: true,
      says: [
        'changed_mode: triage: it could be called and cannot be called any more: it has neither `start` nor `exec`.',
      ],
    },
    {
      why: 'called in another way',
      after: [{ ...triage, start: undefined, exec: 'node triage.js' }],
      breaking: false,
      says: [],
    },
  ])('$why', ({ after, breaking, says }) => {
    const compatibility = compare([triage], after)
    expect(compatibility.findings.map(({ kind, words }) => `${kind}: ${words}`)).toEqual(says)
    expect(compatibility.breaking).toBe(breaking)
  })

  it('takes one new component for one old one only', () => {
    const twins = [triage, { ...triage, name: 'triage-2' }]
    const { findings } = compare(twins, [{ ...triage, name: 'sort' }])
    expect(findings.map(({ kind, component }) => `${kind} ${component}`)).toEqual([
      'renamed triage',
      'removed triage-2',
    ])
  })

  it('finds a component without an interface under another name by how it starts', () => {
    const lookup: ManifestComponent = { ...prompt, name: 'lookup', kind: 'code', exec: 'python3 lookup.py' }
    const { findings } = compare(
      [lookup, prompt],
      [
        { ...lookup, name: 'find' },
        { ...prompt, exec: 'true' },
      ],
    )
    expect(findings.map(({ kind, component }) => `${kind} ${component}`)).toEqual(['renamed lookup'])
  })
})
