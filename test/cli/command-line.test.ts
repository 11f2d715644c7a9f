import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
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

describe('a wrong command line', () => {
  it.each([['nonsense'], ['validate', '--nope'], ['show'], ['sandbox', '--port', 'x']])(
    '%s %s ends with 2',
    async (...args) => {
      expect(await ringway(...args.filter(arg => typeof arg === 'string'))).toMatchObject({ code: 2, out: '' })
    },
  )
})
