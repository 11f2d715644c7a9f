import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLocalVersionTags } from '../../../src/adapters/git/local-version-tags.ts'
import { type CommitSha, sha256Digest } from '../../../src/domain/units.ts'
import type { Version } from '../../../src/domain/version.ts'
import type { VersionTags } from '../../../src/ports/version-tags.ts'
import { collect } from '../../support/collect.ts'
import { openTestRepository, type TestRepository } from '../../support/test-repository.ts'

let repository: TestRepository
let tags: VersionTags
let commit: CommitSha
beforeEach(async () => {
  repository = await openTestRepository({ 'a.txt': 'one\n' })
  tags = createLocalVersionTags(repository.directory)
  commit = await repository.commit('Begin')
})
afterEach(() => repository.dispose())

const version = (number: number): Version => ({
  number,
  digest: sha256Digest(`sha256:${String(number).padStart(64, 'd')}`),
  content: sha256Digest(`sha256:${String(number).padStart(64, 'c')}`),
  commit,
})

describe('versions in a clone', () => {
  it('gives back what it made, newest first', async () => {
    for (const number of [1, 2, 10]) {
      await expect(tags.create({ solution: 'shop', version: version(number) })).resolves.toBe('created')
    }
    await expect(collect(tags.list('shop'))).resolves.toEqual([version(10), version(2), version(1)])
    await expect(tags.read('shop', 2)).resolves.toEqual(version(2))
  })

  it('keeps a number with the first who took it', async () => {
    await tags.create({ solution: 'shop', version: version(1) })
    const other = { ...version(2), number: 1 }
    await expect(tags.create({ solution: 'shop', version: other })).resolves.toBe('taken')
    await expect(tags.read('shop', 1)).resolves.toEqual(version(1))
  })

  it('gives each number to one of many at once', async () => {
    const claims = Array.from({ length: 8 }, () => tags.create({ solution: 'shop', version: version(1) }))
    const outcomes = await Promise.all(claims)
    expect(outcomes.filter(outcome => outcome === 'created')).toHaveLength(1)
    expect(outcomes.filter(outcome => outcome === 'taken')).toHaveLength(7)
  })

  it('passes over what is no version', async () => {
    await repository.git('tag', 'ringway/shop/v1')
    await repository.git('tag', '--annotate', '--message', 'by hand', 'ringway/shop/v2')
    await repository.git('tag', '--annotate', '--message', `artifact ${version(1).digest}`, 'ringway/shop/v3')
    await repository.git('tag', '--annotate', '--message', 'x', 'ringway/shop/v04')
    await tags.create({ solution: 'shopping', version: version(5) })
    await expect(collect(tags.list('shop'))).resolves.toEqual([])
    await expect(tags.read('shop', 1)).resolves.toBeUndefined()
    await expect(tags.read('shop', 99)).resolves.toBeUndefined()
  })

  it('tells the commit of the default branch, of the remote where there is one', async () => {
    await expect(tags.defaultBranchHead()).resolves.toBe(commit)
    await repository.git('update-ref', 'refs/remotes/origin/main', commit)
    await repository.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main')
    await repository.write({ 'a.txt': 'two\n' })
    await repository.commit('Go on')
    await expect(tags.defaultBranchHead()).resolves.toBe(commit)
  })
})
