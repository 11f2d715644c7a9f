import { expect, it } from 'vitest'
import { readMemory, writeMemory } from '../../action/run-memory.ts'
import { sha256Digest } from '../../src/domain/units.ts'
import type { RunMemory } from '../../src/engine/run/assignment-ports.ts'

const digest = sha256Digest(`sha256:${'1'.repeat(64)}`)
const assignment = {
  deployment: 4,
  githubDeployment: 70,
  promotion: 'p-1',
  task: 'place',
  solution: 'shop',
  ring: 'dev',
  environment: 'shop-dev',
  version: 2,
  digest,
  previous: { version: undefined, digest },
  organisation: { REGION: 'eu' },
  state: 'building',
} as const

it.each(['untouched', 'touched', 'handed_over'] as const)(
  'the post step finds what the run left, with the target %s',
  reach => {
    const memory: RunMemory = { assignment, reach }
    expect(readMemory(writeMemory(memory))).toEqual(memory)
  },
)

it('what another version wrote is read so that nothing is put back before the App was asked', () => {
  const text = writeMemory({ assignment, reach: 'touched' }).replace('touched', 'halfway')
  expect(readMemory(text).reach).toBe('handed_over')
})
