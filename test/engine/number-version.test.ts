import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commitSha, type Sha256Digest, sha256Digest } from '../../src/domain/units.ts'
import type { Version } from '../../src/domain/version.ts'
import { type NumberRequest, numberVersion } from '../../src/engine/number-version.ts'
import type { VersionTags } from '../../src/ports/version-tags.ts'
import { collect } from '../support/collect.ts'
import { type GitVersions, openGitVersions } from '../support/git-version-tags.ts'
import { createMeetingPoint } from '../support/meeting-point.ts'

let repository: GitVersions
beforeEach(async () => {
  repository = await openGitVersions()
})
afterEach(() => repository[Symbol.asyncDispose]())

const digestOf = (text: string): Sha256Digest =>
  sha256Digest(`sha256:${createHash('sha256').update(text).digest('hex')}`)

async function requestFor(content: string, more: Partial<NumberRequest> = {}): Promise<NumberRequest> {
  const commit = await repository.commit()
  const artifact = { digest: digestOf(`artifact of ${content}`), content: digestOf(content) }
  return { solution: 'support', artifact, commit, othersUpTo: 0, hints: [], ...more }
}

async function versions(): Promise<readonly Version[]> {
  return (await collect(repository.tags.list('support'))).toReversed()
}

/** Versions from 1 to `newest`, each with its number as its content. */
async function addVersions(newest: number): Promise<void> {
  const commit = await repository.commit()
  const numbers = Array.from({ length: newest }, (_, index) => index + 1)
  await repository.add(
    'support',
    numbers.map(number => ({ number, digest: digestOf(`artifact ${number}`), content: digestOf(`${number}`), commit })),
  )
}

/** Numbers all requests at once; each time all that are left claim, they do it in the same moment. */
async function numberAtOnce(requests: readonly NumberRequest[]) {
  const point = createMeetingPoint(requests.length)
  const colliding: VersionTags = {
    ...repository.tags,
    async create(claim) {
      await point.meet()
      return await repository.tags.create(claim)
    },
  }
  return await Promise.all(requests.map(request => numberVersion(colliding, request).finally(() => point.leave())))
}

describe('the number of a version', () => {
  it('[D3] is the next one', async () => {
    for (const content of ['a', 'b', 'c']) await numberVersion(repository.tags, await requestFor(content))
    expect((await versions()).map(({ number, content }) => ({ number, content }))).toEqual([
      { number: 1, content: digestOf('a') },
      { number: 2, content: digestOf('b') },
      { number: 3, content: digestOf('c') },
    ])
  })

  it('[D3] is another one for each of many builds that claim at the same moment, without gaps', async () => {
    const builders = 12
    const requests = await Promise.all(Array.from({ length: builders }, (_, one) => requestFor(`content ${one}`)))
    const numbered = await numberAtOnce(requests)
    expect(numbered.every(one => one.created)).toBe(true)
    expect(numbered.map(one => one.version.number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: builders }, (_, one) => one + 1),
    )
    // What each was told is what stands in git.
    expect(await versions()).toEqual(numbered.map(one => one.version).toSorted((a, b) => a.number - b.number))
  })

  it('[D3] is the same for the same content, however many builds of it claim at the same moment', async () => {
    const contents = ['a', 'b', 'a', 'c', 'a', 'b', 'c', 'a']
    const requests: NumberRequest[] = []
    for (const content of contents) requests.push(await requestFor(content))
    const numbered = await numberAtOnce(requests)
    const found = await versions()
    expect(found.map(one => one.number)).toEqual([1, 2, 3])
    expect(new Set(found.map(one => one.content)).size).toBe(3)
    for (const [index, { version }] of numbered.entries()) {
      expect(version).toEqual(found.find(one => one.content === requests[index]?.artifact.content))
    }
    expect(numbered.filter(one => one.created)).toHaveLength(3)
  })

  it('is counted for each solution by itself', async () => {
    await numberVersion(repository.tags, await requestFor('a'))
    const other = await numberVersion(repository.tags, await requestFor('a', { solution: 'support-desk' }))
    expect(other.version.number).toBe(1)
  })

  it('is ours when only the answer to the claim was lost', async () => {
    const forgetful: VersionTags = {
      ...repository.tags,
      async create(claim) {
        await repository.tags.create(claim)
        return await repository.tags.create(claim)
      },
    }
    const numbered = await numberVersion(forgetful, await requestFor('a'))
    expect(numbered).toMatchObject({ created: true, version: { number: 1 } })
    expect(await versions()).toHaveLength(1)
  })

  it('passes a number over that a tag of another kind holds', async () => {
    const commit = await repository.commit()
    await repository.git(['update-ref', 'refs/tags/ringway/support/v1', commit])
    expect((await numberVersion(repository.tags, await requestFor('a'))).version.number).toBe(2)
  })

  it('is found again where a hint says, or among the newest', async () => {
    await addVersions(60)
    const { tags, read } = counting(repository.tags)
    const hinted = await numberVersion(tags, await requestFor('3', { hints: [9, 3] }))
    expect(hinted).toMatchObject({ created: false, version: { number: 3 } })
    expect(read()).toBe(2)
    const recent = await numberVersion(tags, await requestFor('15'))
    expect(recent).toMatchObject({ created: false, version: { number: 15 } })
  })

  it('costs one look when the content is new to the store, however many versions there are', async () => {
    await addVersions(20)
    const { tags, read } = counting(repository.tags)
    expect((await numberVersion(tags, await requestFor('new', { othersUpTo: 20 }))).version.number).toBe(21)
    expect(read()).toBe(1)
  })

  it('is not looked for where a wrong hint points', async () => {
    await numberVersion(repository.tags, await requestFor('a'))
    const numbered = await numberVersion(repository.tags, await requestFor('b', { hints: [1, 99] }))
    expect(numbered.version.number).toBe(2)
  })
})

describe('a tag that GitHub refuses because of workflow files', () => {
  const refusing = (): VersionTags => ({ ...repository.tags, create: async () => 'refused_workflow' })

  it('ends the build as superseded when the branch has moved on: the head publishes', async () => {
    const request = await requestFor('a')
    const head = await repository.commit()
    await expect(numberVersion(refusing(), request)).rejects.toMatchObject({
      code: 'superseded_by_head',
      message: expect.stringContaining(head.slice(0, 12)),
    })
    expect((await numberVersion(repository.tags, { ...request, commit: head })).version).toMatchObject({
      number: 1,
      commit: head,
    })
  })

  it('is a missing permission when the commit is the head', async () => {
    await expect(numberVersion(refusing(), await requestFor('a'))).rejects.toMatchObject({ code: 'github_denied' })
  })
})

/** Counts versions that are read, one by one or from the list. */
function counting(inner: VersionTags): { readonly tags: VersionTags; readonly read: () => number } {
  let count = 0
  return {
    read: () => count,
    tags: {
      ...inner,
      async *list(solution) {
        for await (const version of inner.list(solution)) {
          count += 1
          yield version
        }
      },
      read(solution, number) {
        count += 1
        return inner.read(solution, number)
      },
    },
  }
}

it('[D3] numbers have no gaps and no content has two, in whatever order builds take their steps', async () => {
  const build = fc.record({ content: fc.constantFrom('a', 'b', 'c', 'd') })
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(build, { minLength: 2, maxLength: 6 }), async (scheduler, builds) => {
      const tags = createTagsInMemory(scheduler)
      const store = new Set<Sha256Digest>()
      const answers = builds.map(async ({ content: name }) => {
        // As a build does it: the newest version, then the store, which holds content before its version is tagged.
        const [newest] = await collect(tags.list('support'))
        const content = digestOf(name)
        const isNew = await scheduler.schedule(Promise.resolve(), `look ${name}`).then(() => !store.has(content))
        await scheduler.schedule(Promise.resolve(), `push ${name}`).then(() => store.add(content))
        return await numberVersion(tags, {
          solution: 'support',
          artifact: { digest: content, content },
          commit: commitSha('0'.repeat(40)),
          othersUpTo: isNew ? (newest?.number ?? 0) : 0,
          hints: [],
        })
      })
      await scheduler.waitFor(Promise.all(answers))
      const made = (await tags.all()).toSorted((a, b) => a.number - b.number)
      expect(made.map(one => one.number)).toEqual(made.map((_, index) => index + 1))
      expect(made.map(one => one.content).toSorted()).toEqual([...store].toSorted())
      for (const [index, answer] of (await Promise.all(answers)).entries()) {
        expect(answer.version.content).toBe(digestOf(builds[index]?.content ?? ''))
      }
    }),
    { numRuns: 300 },
  )
})

/** Tags in memory whose every question waits for the scheduler, before it is asked and before it is answered. */
function createTagsInMemory(scheduler: fc.Scheduler): VersionTags & { all(): Promise<readonly Version[]> } {
  const tags = new Map<number, Version>()
  const turn = async <T>(label: string, work: () => T): Promise<T> => {
    await scheduler.schedule(Promise.resolve(), label)
    const result = work()
    await scheduler.schedule(Promise.resolve(), `${label}, answered`)
    return result
  }
  return {
    all: async () => [...tags.values()],
    async *list() {
      yield* await turn('list', () => [...tags.values()].toSorted((a, b) => b.number - a.number))
    },
    read: (_, number) => turn(`read v${number}`, () => tags.get(number)),
    create: ({ version }) =>
      turn(`create v${version.number}`, () => {
        if (tags.has(version.number)) return 'taken'
        tags.set(version.number, version)
        return 'created'
      }),
    defaultBranchHead: async () => commitSha('0'.repeat(40)),
  }
}
