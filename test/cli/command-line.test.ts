import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { workflowText } from '../../src/cli/init.ts'

const program = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')
let root = ''
let repository = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringway-cli-'))
  repository = join(root, 'My Shop')
  await mkdir(repository)
  await git('init', '--quiet', '--initial-branch=trunk')
})
afterEach(() => rm(root, { recursive: true }))

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the real program in the repository, with no credentials of whoever runs the tests. */
async function ringway(...args: readonly string[]): Promise<Ended> {
  const { RINGWAY_STORE: _, GITHUB_TOKEN: __, ...env } = process.env
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...args], { cwd: repository, env })
    return { code: 0, out: stdout, err: stderr }
  } catch (error) {
    const ended: unknown = error
    if (typeof ended !== 'object' || ended === null || !('code' in ended)) throw error
    const text = (key: string): string => String(Reflect.get(ended, key) ?? '')
    return { code: Number(ended.code), out: text('stdout'), err: text('stderr') }
  }
}

async function git(...args: readonly string[]): Promise<string> {
  const names = ['-c', 'user.name=Ada', '-c', 'user.email=ada@shop.example']
  const { stdout } = await promisify(execFile)('git', ['-C', repository, ...names, ...args])
  return stdout.trim()
}

const json = (ended: Ended) => JSON.parse(ended.out)

async function commitService(): Promise<void> {
  await writeFile(join(repository, 'server.mjs'), "console.log('1')\n")
  await writeFile(join(repository, 'deploy.sh'), '#!/bin/sh\n')
  await chmod(join(repository, 'deploy.sh'), 0o755)
  await ringway('init')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'first')
}

describe('ringway init', () => {
  it('writes a valid ring file and the workflow for the default branch, and keeps what is there', async () => {
    const first = await ringway('init')
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('wrote .github/rings.yml') })
    const workflow = join(repository, '.github', 'workflows', 'ringway.yml')
    expect(await readFile(workflow, 'utf8')).toBe(workflowText('trunk'))
    expect(await readFile(workflow, 'utf8')).toContain('branches: [trunk]')
    expect((await ringway('validate')).code).toBe(0)
    await writeFile(workflow, 'mine')
    expect((await ringway('init')).out).toContain('kept  .github/workflows/ringway.yml')
    expect(await readFile(workflow, 'utf8')).toBe('mine')
  })

  it('says what to do outside of a repository', async () => {
    await rm(join(repository, '.git'), { recursive: true })
    expect(await ringway('init')).toMatchObject({ code: 2, err: expect.stringContaining('git init') })
  })
})

describe('ringway validate', () => {
  it('lists every problem with its place and ends with 1', async () => {
    await ringway('init')
    const path = join(repository, '.github', 'rings.yml')
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace('kind: service', 'kinds: service').replace('within: 60s', 'within: 60'),
    )
    const ended = await ringway('validate')
    expect(ended.code).toBe(1)
    expect(ended.out).toMatch(/^\.github\/rings\.yml:8:9: /m)
    expect(json(await ringway('validate', '--json')).problems.length).toBeGreaterThan(1)
  })

  it('ends with 2 where there is no ring file', async () => {
    expect(await ringway('validate')).toMatchObject({ code: 2, err: expect.stringContaining('ringway init') })
  })
})

describe('ringway build, show and verify', () => {
  it('[M3] build the same digest from the same tree, and pack no artifact into an artifact', async () => {
    await commitService()
    const first = json(await ringway('build', '--json'))
    const second = json(await ringway('build', '--json'))
    expect(first).toMatchObject({ ok: true, solutions: [{ solution: 'my-shop', existed: false }] })
    expect(second.solutions[0]).toEqual({ ...first.solutions[0], existed: true, uploaded_bytes: 0 })
  })

  it('show what an artifact holds', async () => {
    await commitService()
    const { digest } = json(await ringway('build', '--json')).solutions[0]
    const shown = await ringway('show', digest)
    expect(shown.out).toContain('my-shop    service  node server.mjs')
    expect(shown.out).toContain('it has no provenance')
    expect(json(await ringway('show', digest, '--json')).manifest.solution).toBe('my-shop')
  })

  it('refuse a file that holds a secret, by its place and without its value', async () => {
    await commitService()
    const secret = `ghp_${'a1B2'.repeat(9)}`
    await writeFile(join(repository, 'notes.txt'), `one\ntoken ${secret}\n`)
    const ended = await ringway('build')
    expect(ended.code).toBe(1)
    expect(ended.out).toMatch(/^notes\.txt:2: error: /m)
    expect(ended.out + ended.err).not.toContain(secret)
  })

  it('find a byte that was changed in the store', async () => {
    await commitService()
    const { digest } = json(await ringway('build', '--json')).solutions[0]
    expect((await ringway('verify', digest)).code).toBe(0)
    const blobs = join(repository, '.ringway', 'store', 'blobs', 'sha256')
    for (const name of await readdir(blobs)) {
      const bytes = await readFile(join(blobs, name))
      bytes[0] = (bytes[0] ?? 0) ^ 1
      await writeFile(join(blobs, name), bytes)
    }
    expect(await ringway('verify', digest)).toMatchObject({ code: 1, err: expect.stringContaining('was asked for') })
  })

  it('prove a version from its commit, whatever stands in the working tree, and name what differs', async () => {
    await commitService()
    const { digest, content } = json(await ringway('build', '--json')).solutions[0]
    await git('tag', '--annotate', '--message', `artifact ${digest}\ncontent ${content}`, 'ringway/my-shop/v1')
    await writeFile(join(repository, 'server.mjs'), 'not committed\n')
    const proven = await ringway('verify', 'v1', '--rebuild')
    expect(proven).toMatchObject({ code: 0, out: expect.stringContaining('to the byte') })
    expect(await readFile(join(repository, 'server.mjs'), 'utf8')).toBe('not committed\n')
    await git('commit', '--quiet', '--all', '--message', 'second')
    await git('tag', '--annotate', '--message', `artifact ${digest}\ncontent ${content}`, 'ringway/my-shop/v2')
    expect(await ringway('verify', 'v2', '--rebuild')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/~ server\.mjs[^]*the working tree gives/),
    })
    expect(await git('worktree', 'list')).not.toContain('\n')
  })

  it('say what they know when a version is unknown', async () => {
    await commitService()
    expect(await ringway('show', 'v9')).toMatchObject({ code: 1, err: expect.stringContaining('has no version v9') })
    expect(json(await ringway('show', 'v9', '--json'))).toMatchObject({ ok: false, reason_code: 'unknown_version' })
  })
})

describe('ringway doctor', () => {
  it('finds nothing missing in a good repository, and says what it could not ask', async () => {
    await commitService()
    const ended = await ringway('doctor')
    expect(ended.code).toBe(0)
    expect(ended.out).toMatch(/^unknown +GitHub/m)
  })

  it('names each missing thing with its fix', async () => {
    await commitService()
    await chmod(join(repository, 'deploy.sh'), 0o644)
    await rm(join(repository, '.github', 'workflows'), { recursive: true })
    const ended = await ringway('doctor')
    expect(ended.code).toBe(1)
    expect(ended.out).toContain('deploy.sh: git update-index --chmod=+x deploy.sh')
    expect(ended.out).toContain('.github/workflows/ringway.yml: Type `ringway init`.')
  })
})

describe('a wrong command line', () => {
  it.each([['nonsense'], ['validate', '--nope'], ['show'], ['sandbox', '--port', 'x']])(
    '%s %s ends with 2',
    async (...args) => {
      expect(await ringway(...args.filter(arg => typeof arg === 'string'))).toMatchObject({ code: 2, out: '' })
    },
  )
})
