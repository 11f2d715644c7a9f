import { describe, expect, it } from 'vitest'
import { manifestDifference } from '../../src/domain/difference/manifest-difference.ts'
import { diffConfiguration, effectiveConfiguration } from '../../src/domain/effective-configuration.ts'
import { changesAsMarkdown, changesAsText, sayValue } from '../../src/text/change-lines.ts'
import { configurationChangeLines, configurationRows } from '../../src/text/configuration-changes.ts'
import { manifestChangeLines } from '../../src/text/manifest-changes.ts'
import { componentOf, manifestOf } from '../support/manifests.ts'
import { digestOf } from '../support/ring-records.ts'

const none = { organisation: {}, repository: {}, solution: {} }

describe('[M18] a difference in configuration, in words', () => {
  const before = effectiveConfiguration({ ...none, solution: { LEVEL: 'info', GONE: 1 }, ring: {} })
  const after = effectiveConfiguration({ ...none, solution: { LEVEL: 'info' }, ring: { LEVEL: 'debug', NEW: true } })
  const lines = configurationChangeLines(diffConfiguration(before, after))

  it('for terminals', () => {
    expect(changesAsText(lines)).toBe(
      ['- GONE = 1 (solution)', '~ LEVEL = "info" → "debug" (ring)', '+ NEW = true (ring)'].join('\n'),
    )
  })
  it('for Markdown', () => {
    expect(changesAsMarkdown(lines)).toBe(
      ['```diff', '- GONE = 1 (solution)', '! LEVEL = "info" → "debug" (ring)', '+ NEW = true (ring)', '```'].join(
        '\n',
      ),
    )
  })
  it('as a table, each value with its layer', () => {
    expect(configurationRows(after)).toEqual([
      ['LEVEL', '"debug"', 'ring'],
      ['NEW', 'true', 'ring'],
    ])
  })
})

describe('[F3] a difference between two artifacts, in words', () => {
  it('says it component by component', () => {
    const before = manifestOf({
      components: [
        componentOf('classify', { kind: 'code' }),
        componentOf('triage', {
          start: 'node a.js',
          timeoutMs: 60_000,
          uses: [{ kind: 'published', solution: 'billing', component: 'lookup', version: 'v12', digest: digestOf(12) }],
          input: { type: 'object', properties: { ticket: { type: 'string' } } },
          graph: { nodes: [{ id: 'a', inputs: {}, outputs: {} }], edges: [] },
        }),
      ],
      config: { repository: {}, solution: { LEVEL: 'info' }, rings: { dev: {} } },
      locks: [{ path: 'package-lock.json', digest: digestOf(1) }],
      files: [{ path: 'a.js', digest: digestOf(1), size: 1, executable: false }],
    })
    const after = manifestOf({
      components: [
        componentOf('refund', { kind: 'workflow' }),
        componentOf('triage', {
          start: 'node b.js',
          timeoutMs: 90_000,
          uses: [{ kind: 'published', solution: 'billing', component: 'lookup', version: 'v13', digest: digestOf(13) }],
          input: { type: 'object', properties: { ticket: { type: 'number' } } },
          graph: { nodes: [{ id: 'b', inputs: {}, outputs: {} }], edges: [{ from: 'b.x', to: 'b.y' }] },
        }),
      ],
      config: { repository: {}, solution: { LEVEL: 'warn' }, rings: { dev: { FLAG: true } } },
      locks: [{ path: 'package-lock.json', digest: digestOf(2) }],
      files: [
        { path: 'b.js', digest: digestOf(1), size: 1, executable: false },
        { path: 'c.js', digest: digestOf(1), size: 1, executable: false },
      ],
    })
    expect(changesAsText(manifestChangeLines(manifestDifference(before, after)))).toBe(
      [
        '- code classify',
        '+ workflow refund',
        '~ triage',
        '  start: "node a.js" → "node b.js"',
        '  timeout: 1 min → 1 min 30 s',
        '  input properties.ticket.type: "string" → "number"',
        '  uses: +billing/lookup@v13, -billing/lookup@v12',
        '  graph node a: gone',
        '  graph node b: new',
        '  graph edge b.x → b.y: new',
        '~ config LEVEL = "info" → "warn" (solution)',
        '+ config FLAG = true (ring dev)',
        '~ dependency lock package-lock.json',
        '~ files: 2 new, 1 gone',
      ].join('\n'),
    )
  })
  it('says nothing where nothing differs', () => {
    expect(manifestChangeLines(manifestDifference(manifestOf(), manifestOf()))).toEqual([])
  })
  it('keeps what a stranger wrote in its line and its block', () => {
    const after = manifestOf({ components: [componentOf('x', { start: '```\n<script>\u001b[2J' })] })
    const before = manifestOf({ components: [componentOf('x', { start: 'a' })] })
    expect(changesAsMarkdown(manifestChangeLines(manifestDifference(before, after)))).toBe(
      ['````diff', '! x', '  start: "a" → "```\\n<script>\\u001b[2J"', '````'].join('\n'),
    )
  })
  it('shortens long values', () => {
    expect(sayValue('🚀'.repeat(300))).toBe(`"${'🚀'.repeat(98)}…`)
  })
})
