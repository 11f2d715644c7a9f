import { describe, expect, it } from 'vitest'
import { type SubAgentFact, subAgentsGate } from '../../../src/domain/gates/sub-agents-gate.ts'

const deployed: SubAgentFact = { name: 'billing/lookup', pinned: false, published: true, deployed: true }
const pinned: SubAgentFact = { name: 'crm/find@v3', pinned: true, published: true, deployed: false }

describe('[F6] what the version calls elsewhere', () => {
  it.each<[string, readonly SubAgentFact[] | undefined, 'pass' | 'fail' | 'errored', string]>([
    ['nobody could read the candidate', undefined, 'errored', 'what the version calls could not be read'],
    ['nothing', [], 'pass', 'calls nothing of other solutions'],
    ['deployed or pinned', [deployed, pinned], 'pass', 'billing/lookup is deployed; crm/find@v3 is pinned'],
    [
      'neither deployed nor pinned',
      [{ ...deployed, deployed: false }],
      'fail',
      'billing/lookup is neither deployed in this ring nor pinned',
    ],
    [
      'pinned to what does not exist',
      [deployed, { ...pinned, published: false }],
      'fail',
      'crm/find@v3 was never published',
    ],
    [
      'pinned, and nobody could look',
      [{ ...pinned, published: undefined }],
      'errored',
      'nobody could read whether there is crm/find@v3',
    ],
    [
      'what is missing weighs more than what could not be read',
      [
        { ...pinned, published: undefined },
        { ...deployed, deployed: false },
      ],
      'fail',
      'billing/lookup is neither deployed in this ring nor pinned',
    ],
  ])('%s: %3$s', (_, agents, verdict, words) => {
    expect(subAgentsGate(agents)).toMatchObject({ gate: 'sub_agents', verdict, words })
  })
})
