import { expect, it } from 'vitest'
import { rememberRepositories } from '../../../app/control/remember-repositories.ts'
import { createSmallGithub, openSmallRepository } from '../../support/small-github.ts'

const key = { tenant: 1, repository: 42 }

function openMemory() {
  const clock = { now: 1_000 }
  const opened: number[] = []
  const memory = rememberRepositories(
    async ({ repository }) => {
      opened.push(repository)
      if (repository === 404) throw new Error('not installed')
      return openSmallRepository(createSmallGithub())
    },
    () => clock.now,
  )
  return { ...memory, clock, opened }
}

it('the one that was opened last is remembered for 15 s, with its age', async () => {
  const { github, remembered, clock, opened } = openMemory()
  const first = await github(key)
  clock.now += 14_999.5
  expect(await remembered(key)).toEqual({ github: first, age: 15_000 })
  const second = await github(key)
  clock.now += 3_000
  const known = await remembered(key)
  expect(known.github).toBe(second)
  expect(known.age).toBe(3_000)
  clock.now += 12_000
  expect((await remembered(key)).age).toBe(0)
  expect(opened).toEqual([42, 42, 42])
})

it('each repository by itself; a forgotten one is opened anew, and one that could not be opened too', async () => {
  const { remembered, forget, opened } = openMemory()
  const { github } = await remembered(key)
  await remembered({ tenant: 1, repository: 43 })
  forget({ tenant: 1, repository: 43 })
  expect((await remembered(key)).github).toBe(github)
  await remembered({ tenant: 1, repository: 43 })
  const nowhere = { tenant: 1, repository: 404 }
  await expect(remembered(nowhere)).rejects.toThrow('not installed')
  await expect(remembered(nowhere)).rejects.toThrow('not installed')
  expect(opened).toEqual([42, 43, 43, 404, 404])
})
