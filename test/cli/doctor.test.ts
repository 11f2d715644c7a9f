import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { gitFinding, nodeFinding } from '../../src/cli/doctor/machine-findings.ts'
import { compareWorkflow } from '../../src/cli/doctor/workflow-findings.ts'
import { workflowText } from '../../src/cli/init.ts'
import { type InstalledApp, installTestApp } from '../support/github-app.ts'
import { type Api, openRehearsedGithub, type RehearsedGithub } from '../support/rehearsed-github.ts'
import { openTestRepository, type TestRepository, writeFiles } from '../support/test-repository.ts'
import { type Ended, ringway } from './ringway-program.ts'
import { openServiceRepository, serviceRings } from './service-repository.ts'

const workflow = '.github/workflows/ringway.yml'

interface Seen {
  readonly verdict: string
  readonly words: string
  readonly fix?: string
  readonly details?: readonly string[]
}

/** What was said of one thing. */
function said(ended: Ended, what: string): readonly Seen[] {
  const findings: readonly ({ readonly what: string } & Seen)[] = Object(ended.json()['findings'])
  return findings.filter(finding => finding.what === what)
}

describe('ringway doctor without GitHub', () => {
  let shop: TestRepository
  beforeEach(async () => {
    shop = await openServiceRepository({ [workflow]: workflowText('main') })
  })
  afterEach(() => shop.dispose())
  const doctor = (variables?: Readonly<Record<string, string>>) =>
    ringway(shop.directory, ['doctor', '--json'], variables)

  it('finds nothing wrong in a good repository', async () => {
    const ended = await doctor()
    expect(ended.code).toBe(0)
    expect(ended.json()['ok']).toBe(true)
    for (const what of ['Node', 'git', 'repository', '.github/rings.yml', workflow, 'deploy.sh', 'artifact store'])
      expect(said(ended, what)).toMatchObject([{ verdict: 'ok' }])
    expect(said(ended, 'GitHub')).toMatchObject([{ verdict: 'advice', fix: expect.stringContaining('git remote add') }])
  })

  it('names each missing thing with its fix, for people too', async () => {
    await chmod(join(shop.directory, 'deploy.sh'), 0o644)
    await rm(join(shop.directory, workflow))
    const { out, code } = await ringway(shop.directory, ['doctor'])
    expect(code).toBe(1)
    expect(out).toMatch(/^problem +deploy\.sh +may not be run$/m)
    expect(out).toContain('deploy.sh: chmod +x deploy.sh && git add deploy.sh && git update-index --chmod=+x deploy.sh')
    expect(out).toContain(`${workflow}: Type \`ringway init\`.`)
  })

  it('goes by the mode that git has, not only by that of this file system', async () => {
    await shop.git('update-index', '--chmod=-x', 'deploy.sh')
    expect(said(await doctor(), 'deploy.sh')).toMatchObject([{ verdict: 'problem', words: 'may not be run' }])
    await shop.git('rm', '--quiet', '--force', '--cached', 'deploy.sh')
    expect(said(await doctor(), 'deploy.sh')).toMatchObject([{ verdict: 'advice', words: 'in no commit yet' }])
    await rm(join(shop.directory, 'deploy.sh'))
    expect(said(await doctor(), 'deploy.sh')).toMatchObject([{ verdict: 'problem', words: 'not there' }])
  })

  it('lists the problems of the ring file with their lines', async () => {
    await shop.write({ '.github/rings.yml': serviceRings.replace('kind:', 'kinds:') })
    const ended = await doctor()
    expect(ended.code).toBe(1)
    const [finding] = said(ended, '.github/rings.yml')
    expect(finding?.details).toContainEqual(expect.stringMatching(/^\.github\/rings\.yml:6:9: error: .*kinds/))
  })

  it('says that a named store does not answer, and only wonders about one that nobody named', async () => {
    const named = await doctor({ RINGWAY_STORE: 'oci-layout:server.mjs' })
    expect(said(named, 'artifact store')).toMatchObject([{ verdict: 'problem' }])
    expect(named.code).toBe(1)
  })

  it('is not ill because GitHub cannot be asked', async () => {
    await shop.git('remote', 'add', 'origin', 'https://github.com/octo/shop.git')
    const store = { RINGWAY_STORE: 'oci-layout:store' }
    const without = await doctor(store)
    expect(without.code).toBe(0)
    expect(said(without, 'GitHub')).toMatchObject([{ verdict: 'unknown', words: expect.stringContaining('no token') }])
    // Nothing listens there.
    const unreachable = { ...store, GITHUB_TOKEN: 'x', GITHUB_API_URL: 'http://127.0.0.1:1' }
    const ended = await doctor(unreachable)
    expect(ended.code).toBe(0)
    expect(said(ended, 'GitHub')).toMatchObject([{ verdict: 'unknown', words: expect.stringContaining('reached') }])
  })

  it('never sends a token for github.com to another server', async () => {
    await shop.git('remote', 'add', 'origin', 'https://git.shop.example/octo/shop.git')
    const ended = await doctor({ RINGWAY_STORE: 'oci-layout:store', GITHUB_TOKEN: 'of-github' })
    expect(said(ended, 'GitHub')).toMatchObject([
      { verdict: 'unknown', words: 'not asked: this terminal has no token for git.shop.example' },
    ])
  })

  it('says what to do outside of a repository, and in an empty one', async () => {
    const outside = await ringway(tmpdir(), ['doctor', '--json'])
    expect(outside.code).toBe(1)
    expect(said(outside, 'repository')).toMatchObject([{ fix: expect.stringContaining('git init') }])
    const empty = await openTestRepository({})
    const ended = await ringway(empty.directory, ['doctor', '--json'])
    expect(said(ended, 'repository')).toMatchObject([{ verdict: 'problem', words: 'has no commit' }])
    expect(said(ended, '.github/rings.yml')).toMatchObject([{ fix: 'Type `ringway init`.' }])
    await empty.dispose()
  })
})

describe('ringway doctor with GitHub', () => {
  let github: RehearsedGithub
  let alice: Api
  let app: InstalledApp
  beforeAll(async () => {
    github = await openRehearsedGithub()
    alice = github.as(github.alice)
    app = await installTestApp(github, {
      slug: 'guard',
      permissions: { actions: 'read', deployments: 'write' },
      events: ['deployment_protection_rule'],
      url: `${github.sandbox.url}/nowhere`,
    })
    await writeFiles(github.clone, {
      '.github/rings.yml': serviceRings,
      [workflow]: workflowText('main'),
      'deploy.sh': '#!/bin/sh\n',
    })
    await github.git('add', '--all')
    await github.git('commit', '--quiet', '-m', 'Begin')
    await github.git('push', '--quiet', 'origin', 'main')
  })
  afterAll(() => github.close())

  const doctor = (token = github.sandbox.tokenOf(github.alice)) =>
    ringway(github.clone, ['doctor', '--json'], {
      RINGWAY_STORE: 'oci-layout:store',
      GITHUB_API_URL: github.sandbox.apiUrl,
      GITHUB_TOKEN: token,
    })

  it('tells what protects each ring, and which way it is enforced', async () => {
    await alice('PUT /repos/acme/shop/environments/production', {
      wait_timer: 5,
      reviewers: [{ type: 'User', id: github.bob.id }],
      deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
    })
    const without = await doctor()
    expect(without.code).toBe(0)
    expect(said(without, 'GitHub')).toMatchObject([{ verdict: 'ok', words: 'acme/shop, default branch main' }])
    expect(said(without, `${workflow} on GitHub`)).toMatchObject([{ verdict: 'ok' }])
    expect(said(without, 'environment dev')).toMatchObject([
      { verdict: 'advice', fix: expect.stringContaining('gh api --method PUT repos/acme/shop/environments/dev') },
    ])
    expect(said(without, 'environment production')).toMatchObject([
      { verdict: 'ok', words: 'enforced by dispatch, required reviewers, waits 5 min, branches restricted' },
    ])
    await alice('POST /repos/acme/shop/environments/production/deployment_protection_rules', {
      integration_id: app.app.id,
    })
    expect(said(await doctor(), 'environment production')).toMatchObject([
      { words: expect.stringContaining('enforced by a rule of guard') },
    ])
  })

  it('finds approvals that nobody can give', async () => {
    const path = join(github.clone, '.github', 'rings.yml')
    const rings = await readFile(path, 'utf8')
    const gated = '      dev:\n        gates: { approvals: { count: 1 } }\n'
    await writeFile(path, rings.replace('      dev:\n', gated))
    const ended = await doctor()
    await writeFile(path, rings)
    expect(ended.code).toBe(1)
    expect(said(ended, 'environment dev')).toMatchObject([
      { verdict: 'problem', fix: expect.stringContaining('required reviewers') },
    ])
    expect(said(ended, '.github/rings.yml on GitHub')).toMatchObject([{ verdict: 'advice' }])
  })

  it('says what a token may not do', async () => {
    const reading = await doctor(github.sandbox.tokenOf(github.carol))
    expect(said(reading, 'your permission')).toMatchObject([{ verdict: 'advice' }])
    const invalid = await doctor('ghp_nobody')
    expect(invalid.code).toBe(1)
    expect(said(invalid, 'GitHub')).toMatchObject([{ verdict: 'problem', words: 'does not take this token' }])
  })

  it('notices that the default branch is another one', async () => {
    await github.git('update-ref', 'refs/remotes/origin/old', 'HEAD')
    await github.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/old')
    expect(said(await doctor(), 'default branch')).toMatchObject([
      { verdict: 'problem', fix: 'git remote set-head origin --auto' },
    ])
    await github.git('remote', 'set-head', 'origin', '--auto')
  })
})

describe('comparing the workflow', () => {
  const compare = (text: string) => compareWorkflow(workflow, { text, defaultBranch: 'trunk' })
  const original = workflowText('trunk')

  it('takes the original, also with actions pinned to commits', () => {
    expect(compare(original)).toMatchObject([{ verdict: 'ok' }])
    const pinned = original.replaceAll('ringway/ringway@v0.1.0', `ringway/ringway@${'a'.repeat(40)} # v0.1.0`)
    expect(compare(pinned)).toMatchObject([{ verdict: 'ok' }])
    expect(compare(original.replaceAll('\n', '\r\n'))).toMatchObject([{ verdict: 'ok' }])
  })

  it('shows what was changed on purpose', () => {
    expect(compare(original.replaceAll('ubuntu-latest', 'big-machine'))).toMatchObject([
      {
        verdict: 'advice',
        details: expect.arrayContaining(['-     runs-on: ubuntu-latest', '+     runs-on: big-machine']),
      },
    ])
  })

  it.each([
    { what: 'another branch', from: 'branches: [trunk]', to: 'branches: [main]', words: /default branch trunk/ },
    { what: 'an input gone', from: /^ +promotion: \{.*\n/m, to: '', words: /dispatched with promotion/ },
    { what: 'a permission gone', from: 'statuses: write, ', to: '', words: /job deploy lacks/ },
    { what: 'a permission lowered', from: 'contents: write', to: 'contents: read', words: /job build lacks/ },
    { what: 'a broken file', from: 'permissions: {}', to: 'permissions: {', words: /is no YAML/ },
  ])('finds $what, which will not work', ({ from, to, words }) => {
    expect(compare(original.replace(from, to))).toContainEqual(
      expect.objectContaining({ verdict: 'problem', words: expect.stringMatching(words) }),
    )
  })
})

describe('what the machine has', () => {
  it.each([
    { version: '22.11.0', verdict: 'problem' },
    { version: '24.0.0', verdict: 'ok' },
  ])('Node $version: $verdict', ({ version, verdict }) => {
    expect(nodeFinding(version)).toMatchObject({ verdict })
  })

  it.each([
    { printed: undefined, verdict: 'problem' },
    { printed: 'git version 2.27.9', verdict: 'problem' },
    { printed: 'git version 2.28.0', verdict: 'ok' },
    { printed: 'git version 2.39.5 (Apple Git-154)', verdict: 'ok' },
    { printed: 'git version 3.0.0', verdict: 'ok' },
  ])('$printed: $verdict', ({ printed, verdict }) => {
    expect(gitFinding(printed)).toMatchObject({ verdict })
  })
})
