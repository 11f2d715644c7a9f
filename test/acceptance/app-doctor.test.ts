import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, ringway } from '../cli/ringway-program.ts'
import { type ControlBench, openControlBench } from '../support/control-bench.ts'

describe('ringway doctor with an App', () => {
  let bench: ControlBench
  beforeAll(async () => {
    bench = await openControlBench({ solutions: { shop: [{ name: 'dev', lines: ['deploy-on: push'] }] } })
    await bench.push({ 'shop/app.txt': 'two\n' })
    await bench.api(bench.alice, 'PUT /environments/dev', {})
  })
  afterAll(() => bench.close())

  const doctor = (variables: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    ringway(bench.clone, ['doctor', '--json'], {
      RINGWAY_URL: bench.appUrl,
      RINGWAY_STORE: `oci-layout:${bench.store}`,
      GITHUB_API_URL: bench.sandbox.apiUrl,
      GITHUB_TOKEN: bench.sandbox.tokenOf(bench.alice),
      ...variables,
    })

  it('says that all is there, and how the ring is enforced', async () => {
    const ended = await doctor()
    expect(problemsOf(ended)).toEqual([])
    expect(ended.code).toBe(0)
    expect(said(ended, 'App')).toEqual([`${bench.appUrl} is ready`])
    expect(said(ended, 'App permissions')).toEqual(['all 12 were given'])
    expect(said(ended, 'variable RINGWAY_URL')).toEqual([bench.appUrl])
    expect(said(ended, 'artifact store of the App')).toEqual([expect.stringMatching(/answers$/)])
    expect(said(ended, 'webhooks')).toEqual([expect.stringMatching(/^all \d+ of the last 24 hours came through$/)])
    expect(said(ended, 'environment dev')).toContainEqual(expect.stringContaining('Ringway dispatches'))
    await bench.guard('dev')
    expect(said(await doctor(), 'environment dev')).toContainEqual('Ringway is its protection rule')
  })

  it('names a permission that was not given with what needs it, and where it is accepted', async () => {
    const [installation] = [...bench.sandbox.world.installations.values()].filter(each => each.app.id === bench.appId)
    if (installation === undefined) throw new Error('the App is installed')
    const { permissions } = installation
    const { secrets: _, ...less } = permissions
    installation.permissions = { ...less, statuses: 'read' }
    const ended = await doctor()
    installation.permissions = permissions
    expect(ended.code).toBe(1)
    const page = `${bench.sandbox.url}/organizations/acme/settings/installations/${installation.id}`
    expect(problemsOf(ended)).toEqual([
      ['permission Secrets: read', expect.stringContaining('lacks a secret'), expect.stringContaining(page)],
      [
        'permission Commit statuses: write',
        expect.stringContaining('for the commit status of each ring'),
        expect.any(String),
      ],
    ])
  })

  it('notices that runs do not find the App', async () => {
    bench.sandbox.setVariable(bench.repository, { name: 'RINGWAY_URL', value: 'https://old.example' })
    const path = join(bench.clone, '.github/workflows/ringway.yml')
    const workflow = await bench.git('show', 'HEAD:.github/workflows/ringway.yml')
    await writeFile(path, workflow.replaceAll(/, app-url: "[^"]*"/g, ''))
    const ended = await doctor()
    await writeFile(path, `${workflow}\n`)
    bench.sandbox.setVariable(bench.repository, { name: 'RINGWAY_URL', value: bench.appUrl })
    expect(problemsOf(ended)).toEqual([
      [
        '.github/workflows/ringway.yml',
        'does not name the App: its jobs deploy without it',
        expect.stringContaining('app-url'),
      ],
      [
        'variable RINGWAY_URL',
        expect.stringContaining('https://old.example'),
        `gh variable set RINGWAY_URL --repo acme/shop --body ${bench.appUrl}`,
      ],
    ])
  })

  it('says of a repository without the App how to install it, and nothing of one that the token is not shown', async () => {
    const bare = await bench.sandbox.createRepository({ owner: bench.bob, name: 'bare', collaborators: [] })
    await bench.git('remote', 'set-url', 'origin', bench.sandbox.cloneUrl(bare, bench.sandbox.tokenOf(bench.bob)))
    const ended = await doctor({ GITHUB_TOKEN: bench.sandbox.tokenOf(bench.bob) })
    await bench.git(
      'remote',
      'set-url',
      'origin',
      bench.sandbox.cloneUrl(bench.repository, bench.sandbox.tokenOf(bench.alice)),
    )
    expect(problemsOf(ended)).toContainEqual([
      'App',
      expect.any(String),
      expect.stringContaining('Install the App on bob/bare'),
    ])
    const stranger = bench.sandbox.addUser('mallory')
    const refused = await doctor({ GITHUB_TOKEN: bench.sandbox.tokenOf(stranger) })
    expect(said(refused, 'App permissions')).toEqual([])
  })

  it('is not ill because the App cannot be reached, and says how to look', async () => {
    const ended = await doctor({ RINGWAY_URL: 'http://127.0.0.1:1' })
    expect(said(ended, 'App')).toEqual(['http://127.0.0.1:1 could not be asked: it did not answer'])
    expect(ended.code).toBe(0)
    expect((await doctor({ RINGWAY_URL: 'http://ringway.example' })).code).toBe(1)
  })
})

interface Told {
  readonly what: string
  readonly verdict: string
  readonly words: string
  readonly fix?: string
}

function findingsOf(ended: Ended): readonly Told[] {
  return Object(ended.json()['findings'])
}

function said(ended: Ended, what: string): readonly string[] {
  return findingsOf(ended).flatMap(finding => (finding.what === what ? [finding.words] : []))
}

function problemsOf(ended: Ended): readonly unknown[] {
  return findingsOf(ended).flatMap(({ what, verdict, words, fix }) =>
    verdict === 'problem' ? [[what, words, fix]] : [],
  )
}
