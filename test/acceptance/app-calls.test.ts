import { expect, it } from 'vitest'
import { countPromotionCalls } from '../support/promotion-calls.ts'

it('a promotion past every gate asks GitHub about as often whatever came before it, and little', {
  timeout: 300_000,
}, async () => {
  const counted = await countPromotionCalls(2)
  const counts = counted.map(({ calls }) => calls.length)
  // States that follow each other within a second are shown once; where the machine is busy each is shown.
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(10)
  expect(Math.max(...counts)).toBeLessThanOrEqual(48)
  expect(Math.max(...counted.map(({ writes }) => writes.length))).toBeLessThanOrEqual(27)
})
