import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { retentionTimes } from '../../src/engine/sweeps/sweep-retention.ts'

it('docs/operations.md says for how long things are kept as the App keeps them', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/operations.md'), 'utf8')
  const days = (row: string): number => Number(new RegExp(`^\\| ${row}.* \\| ([0-9]+) days`, 'm').exec(page)?.[1])
  const kept = {
    events: 'events',
    notices: 'events',
    deliveries: 'webhooks',
    effects: 'webhooks',
    commands: 'commands',
  }
  const told = Object.fromEntries(Object.entries(kept).map(([what, row]) => [what, days(row) * 86_400_000]))
  expect(told).toEqual(retentionTimes)
})
