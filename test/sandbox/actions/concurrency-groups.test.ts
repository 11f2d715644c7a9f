import { expect, it } from 'vitest'
import { createConcurrencyGroups } from '../../../src/sandbox/actions/runs/concurrency-groups.ts'
import { createRunnerSlots } from '../../../src/sandbox/actions/runs/runner-slots.ts'

function enter(
  groups: ReturnType<typeof createConcurrencyGroups>,
  queue: 'single' | 'max',
  signal = new AbortController().signal,
) {
  const told: string[] = []
  const onReplaced = (message: string) => told.push(message)
  return { told, entered: groups.enter({ group: 'Ring', cancelInProgress: false, queue, onReplaced, signal }) }
}

it('with `queue: max` everybody waits in turn, up to a hundred', async () => {
  const groups = createConcurrencyGroups()
  const first = enter(groups, 'max')
  const leave = await first.entered
  const waiting = Array.from({ length: 100 }, () => enter(groups, 'max'))
  const surplus = enter(groups, 'max')
  expect(await surplus.entered).toBeUndefined()
  expect(surplus.told).toHaveLength(1)
  leave?.()
  for (const { entered, told } of waiting) {
    const next = await entered
    expect(told).toEqual([])
    next?.()
  }
  expect(await enter(groups, 'max').entered).toBeDefined()
})

it('whoever gives up waiting makes room and is never admitted', async () => {
  const groups = createConcurrencyGroups()
  const leave = await enter(groups, 'single').entered
  const impatience = new AbortController()
  const impatient = enter(groups, 'single', impatience.signal)
  impatience.abort()
  expect(await impatient.entered).toBeUndefined()
  const next = enter(groups, 'single')
  leave?.()
  expect(await next.entered).toBeDefined()
  expect(impatient.told).toEqual([])
})

it('runners are given to those who came first, and not to those who left', async () => {
  const slots = createRunnerSlots(1)
  const stay = new AbortController().signal
  const runner = await slots.take(stay)
  const leaving = new AbortController()
  const order: string[] = []
  const gone = slots.take(leaving.signal)
  const second = slots.take(stay).then(name => order.push(`second ${name}`))
  const third = slots.take(stay).then(name => order.push(`third ${name}`))
  leaving.abort()
  expect(await gone).toBeUndefined()
  slots.giveBack(runner ?? '')
  await second
  slots.giveBack(runner ?? '')
  await third
  expect(order).toEqual(['second sandbox-1', 'third sandbox-1'])
})
