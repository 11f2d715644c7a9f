import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseStatusDescription } from '../../src/domain/status-description.ts'
import type { Repository } from '../../src/sandbox/world/repository.ts'
import { type ControlBench, openControlBench } from '../support/control-bench.ts'
import { tinyRingFile } from '../support/tiny-solution.ts'

const workflow = join(import.meta.dirname, '../../examples/support-desk-abroad/.github/workflows/ringway.yml')

describe('a repository that takes what another one builds', () => {
  let bench: ControlBench
  let abroad: Repository
  let digest: string
  beforeAll(async () => {
    bench = await openControlBench({ solutions: { shop: [{ name: 'dev', lines: ['deploy-on: push'] }] } })
    await bench.push({ 'shop/app.txt': 'one\n' })
    await bench.points('dev', 'v1')
    digest = await digestOf('v1')
    abroad = await foundAbroad()
  })
  afterAll(async () => {
    await bench.close()
  })

  const digestOf = async (version: string): Promise<string> => {
    await bench.git('fetch', '--quiet', '--tags', 'origin')
    const message = await bench.git('tag', '--list', '--format=%(contents)', `ringway/shop/${version}`)
    return /^artifact (\S+)$/m.exec(message)?.[1] ?? ''
  }

  /** Without content of its own but a ring file, and a workflow that only deploys. carol may write there and sees the first one not at all. */
  const foundAbroad = async (): Promise<Repository> => {
    const { sandbox, repository, alice, bob } = bench
    const carol = sandbox.addUser('carol')
    const made = await sandbox.createRepository({
      owner: repository.owner,
      name: 'abroad',
      collaborators: [alice, bob, carol].map(account => ({ account, role: 'maintain' })),
    })
    sandbox.setVariable(made, { name: 'RINGWAY_URL', value: bench.appUrl })
    const gated = ['gates: { approvals: { count: 1 } }']
    await bench.git('checkout', '--quiet', '--orphan', 'abroad')
    await bench.git('rm', '-rf', '--quiet', '.')
    await bench.commit({
      '.github/rings.yml': tinyRingFile({ shop: [{ name: 'europe', lines: gated }] }),
      '.github/workflows/ringway.yml': await readFile(workflow, 'utf8'),
    })
    await bench.git('push', '--quiet', sandbox.cloneUrl(made, sandbox.tokenOf(alice)), 'HEAD:main')
    return made
  }

  const ask = async (login: 'alice' | 'bob' | 'carol', route: string, body: unknown): Promise<unknown> => {
    const { sandbox } = bench
    const person = [...abroad.collaborators.values()].find(({ account }) => account.login === login)?.account
    const token = person === undefined ? '' : sandbox.tokenOf(person)
    const response = await fetch(`${sandbox.apiUrl}/repos/${abroad.owner.login}/abroad${route}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return await response.json()
  }
  const issue = async (title: string): Promise<number> =>
    Number(Reflect.get(Object(await ask('bob', '/issues', { title })), 'number'))
  const comment = (login: 'alice' | 'bob' | 'carol', number: number, body: string) =>
    ask(login, `/issues/${number}/comments`, { body })
  const sticky = (number: number): string =>
    abroad.issues.get(number)?.comments.find(({ app }) => app !== null)?.body ?? ''
  const states = () =>
    abroad.deployments.map(({ originalEnvironment, statuses }) => {
      const report = statuses.flatMap(({ description }) => parseStatusDescription(description) ?? []).at(-1)
      return `${originalEnvironment} ${report?.artifact} ${report?.state}`
    })

  it('[F23] a version is promoted by its digest into a ring of another repository, whose own gates apply', async () => {
    const number = await issue('v1 for Europe')
    await comment('bob', number, `/promote europe ${digest}`)
    await bench.until(() => sticky(number).includes('0 of 1 approvals'), 'the gate of the other repository')
    expect(sticky(number)).toContain('v1')
    await comment('alice', number, '/approve europe')
    await bench.until(() => states().includes('europe v1 active'), 'europe points to v1')
    expect(bench.machine.serving('europe')).toBe('one')
    const deployment = abroad.deployments.find(({ originalEnvironment }) => originalEnvironment === 'europe')
    expect(deployment?.sha).toBe((await abroad.git.text(['rev-parse', 'main'])).trim())
    // What was taken is known here by its name from now on; and nothing was built.
    await comment('bob', number, '/promote europe v1')
    await bench.until(() => sticky(number).includes('already_active'), 'that v1 is known here')
    expect((await abroad.git.text(['tag', '--list'])).trim()).toBe('')
  })

  it('what somebody may not read does not exist for them, and a dry run takes nothing over', async () => {
    const other = `sha256:${'0'.repeat(64)}`
    const number = await issue('Others')
    await comment('carol', number, `/promote europe ${other}`)
    await bench.until(() => sticky(number).includes(`no version ${other}`), 'that nothing has this digest')
    await bench.git('checkout', '--quiet', 'main')
    await bench.push({ 'shop/app.txt': 'two\n' })
    await bench.points('dev', 'v2')
    const second = await digestOf('v2')
    await comment('carol', number, `/promote europe ${second}`)
    await bench.until(() => sticky(number).includes(`no version ${second}`), 'that carol may not know of it')
    await comment('bob', number, `/promote europe ${second} --dry-run`)
    await bench.until(() => sticky(number).includes('Nothing was changed'), 'what its gates would say')
    await comment('bob', number, '/promote europe v2')
    await bench.until(() => sticky(number).includes('no version v2'), 'that v2 is not known here')
    expect(states().filter(state => state.includes('v2'))).toEqual([])
  })
})
