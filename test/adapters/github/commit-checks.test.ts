import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGithubCommitChecks } from '../../../src/adapters/github/commit-checks.ts'
import { commitSha } from '../../../src/domain/units.ts'
import { type AppOnGithub, openAppOnGithub } from '../../support/app-on-github.ts'
import { openRehearsedGithub, type RehearsedGithub } from '../../support/rehearsed-github.ts'

let rehearsed: RehearsedGithub
let app: AppOnGithub

beforeAll(async () => {
  rehearsed = await openRehearsedGithub()
  app = await openAppOnGithub(rehearsed)
})
afterAll(() => rehearsed.close())

describe('checks of a commit, as the App sees them', () => {
  it('are those of every App and person, and those that the default branch requires', async () => {
    const { repository, head, bob } = rehearsed
    repository.protectedBranches.add('main')
    repository.requiredChecks.set('main', ['ci / test'])
    await rehearsed.as(bob)(`POST /repos/acme/shop/statuses/${head}`, { state: 'success', context: 'ci / test' })
    const asApp = await app.asInstallation()
    await asApp('POST /repos/acme/shop/check-runs', { name: 'lint', head_sha: head, status: 'in_progress' })
    const checks = createGithubCommitChecks(app.client)
    expect(await checks.required()).toEqual(['ci / test'])
    expect(await checks.list(commitSha(head))).toEqual([
      { name: 'lint', source: 'check_run', outcome: 'pending', app: 'ringway', runId: undefined },
      { name: 'ci / test', source: 'status', outcome: 'passed', app: undefined, runId: undefined },
    ])
  })
})
