import { expect, it } from 'vitest'
import { createSetupDoor } from '../../../app/setup/setup-door.ts'
import { epochMs } from '../../../src/domain/units.ts'

it('F104: a state is taken once, for its session, within an hour', () => {
  let now = 1_000_000
  const door = createSetupDoor(() => epochMs(now))
  expect(door.enter('')).toBeUndefined()
  expect(door.enter(`${door.key}x`)).toBeUndefined()
  const [session = '', other = ''] = [door.enter(door.key), door.enter(door.key)]
  expect([door.knows(session), door.knows(other), door.knows('')]).toEqual([true, true, false])

  const state = door.sign(session)
  expect(door.take(other, state)).toBe(false)
  expect(door.take(session, `${state}.`)).toBe(false)
  expect(door.take(session, state)).toBe(true)
  expect(door.take(session, state)).toBe(false)
  door.giveBack(state)
  expect(door.take(session, state)).toBe(true)

  const late = door.sign(session)
  now += 3_600_000
  expect(door.take(session, late)).toBe(false)
  expect(createSetupDoor(() => epochMs(now)).take(session, door.sign(session))).toBe(false)
})
