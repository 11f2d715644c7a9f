import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts'
import type { Account } from '../../src/sandbox/world/account.ts'
import type { Repository } from '../../src/sandbox/world/repository.ts'
import { createGithubSchema, type GithubSchema } from './github-schema.ts'

const run = promisify(execFile)

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The decoded JSON, or the text of what is not JSON. */
  readonly body: unknown
}

/** `api('POST /repos/acme/shop/issues', { title: 'x' })` */
export type Api = (route: string, body?: unknown) => Promise<Answer>

/** A sandbox with an organisation, three people and one repository, every exchange checked against GitHub's schemas. */
export interface RehearsedGithub {
  readonly sandbox: Sandbox
  readonly schema: GithubSchema
  readonly repository: Repository
  readonly acme: Account
  /** Administers the repository. */
  readonly alice: Account
  /** May write. */
  readonly bob: Account
  /** May read. */
  readonly carol: Account
  readonly head: string
  as(token: string | Account | undefined): Api
  /** Runs git in a clone that pushes as Alice. */
  git(...args: string[]): Promise<string>
  /** The directory of that clone. */
  readonly clone: string
  /** Ends all, and fails if anything did not fit GitHub's schemas. */
  close(): Promise<void>
}

export const GIT_ENVIRONMENT = {
  ...process.env,
  GIT_AUTHOR_NAME: 'Alice',
  GIT_AUTHOR_EMAIL: 'alice@users.noreply.github.com',
  GIT_COMMITTER_NAME: 'Alice',
  GIT_COMMITTER_EMAIL: 'alice@users.noreply.github.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
}

export async function openRehearsedGithub(options: SandboxOptions = {}): Promise<RehearsedGithub> {
  const schema = createGithubSchema()
  const sandbox = await openSandbox({ observe: schema.observe, ...options })
  const [alice, bob, carol] = [sandbox.addUser('alice'), sandbox.addUser('bob'), sandbox.addUser('carol')]
  const acme = sandbox.addOrganization('acme', [{ account: alice, role: 'admin' }])
  const repository = await sandbox.createRepository({
    owner: acme,
    name: 'shop',
    collaborators: [
      { account: alice, role: 'admin' },
      { account: bob, role: 'write' },
      { account: carol, role: 'read' },
    ],
  })
  const clone = await mkdtemp(join(tmpdir(), 'clone-'))
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await run('git', args, { cwd: clone, env: GIT_ENVIRONMENT })
    return stdout.trim()
  }
  await git('clone', '--quiet', sandbox.cloneUrl(repository, sandbox.tokenOf(alice)), '.')
  await git('checkout', '--quiet', '-B', 'main')
  await git('commit', '--quiet', '--allow-empty', '-m', 'first')
  await git('push', '--quiet', 'origin', 'main')
  return {
    sandbox,
    schema,
    repository,
    acme,
    alice,
    bob,
    carol,
    clone,
    git,
    head: await git('rev-parse', 'HEAD'),
    as: who => apiOf(sandbox, typeof who === 'object' ? sandbox.tokenOf(who) : who),
    async close() {
      await sandbox.close()
      await rm(clone, { recursive: true, force: true })
      schema.assertClean()
    },
  }
}

function apiOf(sandbox: Sandbox, token: string | undefined): Api {
  return async (route, body) => {
    const [method = 'GET', path = ''] = route.split(' ')
    const response = await fetch(sandbox.apiUrl + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
}
