import { describe, expect, it } from 'vitest'
import { fillBlocks } from '../../.ci/docs/generated-blocks.ts'

const page = [
  '# Title',
  '',
  'Before.',
  '<!-- generated: inputs -->',
  'old',
  '<!-- end of inputs -->',
  'After.',
  '',
].join('\n')

describe('generated parts of a page', () => {
  it('replaces what stands between the markers, and nothing else', () => {
    const filled = fillBlocks(page, { inputs: '| a |' })
    expect(filled).toBe(page.replace('\nold\n', '\n\n| a |\n\n'))
    expect(fillBlocks(filled, { inputs: '| a |' })).toBe(filled)
  })

  it('takes what is generated as it is, whatever it holds', () => {
    expect(fillBlocks(page, { inputs: '`$&` $1 $`' })).toContain('`$&` $1 $`')
  })

  it('refuses a page that lacks the place for something, or whose place nothing fills', () => {
    expect(() => fillBlocks(page, { inputs: '', outputs: '' })).toThrow('No markers for outputs')
    expect(() => fillBlocks(page, {})).toThrow('Nothing generates <!-- generated: inputs -->')
  })
})
