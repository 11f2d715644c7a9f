import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSourceTree } from '../../../src/adapters/fs/source-tree.ts'
import type { Component, Solution } from '../../../src/domain/solution.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringway-source-tree-'))
})
afterEach(() => rm(root, { recursive: true }))

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, dirname(path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
}

function component(name: string, files: readonly string[]): Component {
  return { name, kind: 'code', files, uses: [], tools: [], connectors: [], secrets: [] }
}

function list(change: Partial<Solution> = {}) {
  const solution: Solution = {
    name: 'shop',
    path: '.',
    include: ['**'],
    exclude: [],
    components: [],
    config: {},
    connectors: {},
    requiredConfig: [],
    rings: [],
    ...change,
  }
  return createSourceTree(root).list(solution)
}

async function paths(change: Partial<Solution> = {}): Promise<readonly string[]> {
  return (await list(change)).files.map(file => file.path)
}

describe('the files of a solution', () => {
  it('are sorted, with size, digest and executable bit, and never those of git', async () => {
    await write({
      'b.txt': 'bee',
      'a/run.sh': '#!/bin/sh\n',
      '.hidden': '',
      '.git/config': 'token',
      'sub/.git': 'gitdir: x',
    })
    await chmod(join(root, 'a/run.sh'), 0o755)
    const { files, problems, secrets } = await list()
    const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`
    expect(files).toEqual([
      { path: '.hidden', size: 0, executable: false, digest: digest('') },
      { path: 'a/run.sh', size: 10, executable: true, digest: digest('#!/bin/sh\n') },
      { path: 'b.txt', size: 3, executable: false, digest: digest('bee') },
    ])
    expect({ problems, secrets }).toEqual({ problems: [], secrets: [] })
  })

  it('are those that are included and not excluded', async () => {
    await write({ 'src/a.js': '', 'src/a.test.js': '', 'node_modules/x/index.js': '', 'README.md': '' })
    expect(await paths({ include: ['src/**', '*.md'], exclude: ['**/*.test.js'] })).toEqual(['README.md', 'src/a.js'])
    expect(await paths({ exclude: ['node_modules/**'] })).toEqual(['README.md', 'src/a.js', 'src/a.test.js'])
    expect(await paths({ path: 'src' })).toEqual(['a.js', 'a.test.js'])
  })

  it('go into the layer of the one component that claims them; what two claim is shared', async () => {
    await write({ 'triage/main.js': '', 'refund/main.js': '', 'both/x.js': '', 'deploy.sh': '' })
    const { files } = await list({
      components: [component('triage', ['triage/**', 'both/**']), component('refund', ['refund/**', 'both/**'])],
    })
    expect(Object.fromEntries(files.map(file => [file.path, file.component]))).toEqual({
      'both/x.js': undefined,
      'deploy.sh': undefined,
      'refund/main.js': 'refund',
      'triage/main.js': 'triage',
    })
  })

  it('are text for whoever asks', async () => {
    await write({ 'package.json': '{"name":"größe"}' })
    expect(await createSourceTree(root).readText(await list(), 'package.json')).toBe('{"name":"größe"}')
  })

  it('are missed with a remedy when the directory does not exist', async () => {
    await expect(list({ path: 'nowhere' })).rejects.toMatchObject({
      code: 'compile_failed',
      message: 'Solution shop stands in nowhere, and there is no such directory.',
    })
  })
})

describe('a link', () => {
  it('to a file of the tree is packed as that file', async () => {
    await write({ 'real.sh': '#!/bin/sh\n' })
    await chmod(join(root, 'real.sh'), 0o755)
    await symlink('real.sh', join(root, 'link.sh'))
    const { files, problems } = await list()
    expect(problems).toEqual([])
    const [link, real] = files
    expect(link).toEqual({ ...real, path: 'link.sh' })
  })

  it.each([
    { to: '/etc/passwd', words: 'leaves the solution' },
    { to: '../..', words: 'leaves the solution' },
    { to: '.git/config', words: 'leaves the solution' },
    { to: 'directory', words: 'to a directory' },
    { to: 'missing', words: 'to nothing' },
    { to: 'link', words: 'to nothing' },
  ])('to $to is a problem: $words', async ({ to, words }) => {
    await write({ 'directory/file': '', '.git/config': 'token' })
    await symlink(to, join(root, 'link'))
    const { files, problems } = await list()
    expect(problems).toEqual([{ path: 'link', message: expect.stringContaining(words) }])
    expect(files.map(file => file.path)).toEqual(['directory/file'])
  })

  it('that is excluded is nobody’s business', async () => {
    await symlink('/etc/passwd', join(root, 'link'))
    expect((await list({ exclude: ['link'] })).problems).toEqual([])
  })
})

describe('a name', () => {
  it.each([
    { path: 'a\\b', words: 'holds a backslash' },
    { path: 'a\nb', words: 'holds a control character' },
    { path: 'C:x', words: 'begins like a Windows drive' },
    { path: 'e\u0301', words: 'NFC' },
  ])('that other systems do not take is a problem: $words', async ({ path, words }) => {
    await write({ [path]: '' })
    expect((await list()).problems).toEqual([{ path, message: expect.stringContaining(words) }])
  })

  it('that is no UTF-8 is a problem', async () => {
    await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x66, 0xff])]), '').catch(() => undefined)
    expect((await list()).problems).toEqual([{ path: 'f\uFFFD', message: expect.stringContaining('not UTF-8') }])
  })

  it.each([
    { one: 'README', other: 'readme' },
    { one: 'Straße', other: 'STRASSE' },
    { one: 'A', other: 'a/b' },
  ])('that is another one where case is folded is a problem: $one and $other', async ({ one, other }) => {
    await write({ [one]: '', [other]: '' })
    expect((await list()).problems).toHaveLength(1)
  })

  it('of a pipe is a problem, and nobody waits for it', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')])
    expect((await list()).problems).toEqual([
      { path: 'pipe', message: 'is neither a file nor a directory; exclude it' },
    ])
  })
})

describe('D85 a file that holds a secret', () => {
  const token = `${'ghp'}_${'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD3fG6'}`

  it('is told by path, line and kind, and the secret is not', async () => {
    const pem = ['', `-----BEGIN ${'PRIVATE'} KEY-----`, 'MIIE', `-----END ${'PRIVATE'} KEY-----`].join('\n')
    await write({
      'src/a.js': `\n\nconst t = '${token}' // ${token}\n`,
      'key.pem': pem,
      '.env': 'LOG=1\n',
      'b.txt': 'no',
    })
    const { secrets } = await list()
    expect(secrets).toEqual([
      { path: '.env', line: 1, kind: 'file of environment variables' },
      { path: 'key.pem', line: 2, kind: 'private key' },
      { path: 'src/a.js', line: 3, kind: 'GitHub token' },
    ])
    expect(JSON.stringify(secrets)).not.toContain(token)
  })

  it.each([
    { what: 'in the same line', text: `t = '${token}' // ringway:allow-secret` },
    { what: 'in the line before', text: `x\n# ringway:allow-secret: a test\nt = '${token}'` },
  ])('is allowed by a comment $what', async ({ text }) => {
    await write({ 'a.js': text })
    expect((await list()).secrets).toEqual([])
  })

  it('is not allowed by a comment two lines before, nor by one in the line after', async () => {
    await write({ 'a.js': `// ringway:allow-secret\n\nt = '${token}'\n// ringway:allow-secret` })
    expect((await list()).secrets).toEqual([{ path: 'a.js', line: 3, kind: 'GitHub token' }])
  })

  it('is allowed to be a file of variables when its first line says so', async () => {
    await write({ '.env': '# ringway:allow-secret: defaults only\nLOG=1\n' })
    expect((await list()).secrets).toEqual([])
  })

  it('is not looked for in what is no text', async () => {
    await write({ 'a.bin': `\0${token}` })
    expect((await list()).secrets).toEqual([])
  })

  // Files are read a megabyte at a time, and one line may be as long as the file.
  it.each([0, 1, 1_000, 1024 * 1024 - 40, 1024 * 1024 - 20, 1024 * 1024, 1024 * 1024 + 1, 3_000_000, 4_194_290])(
    'is found at byte %i of a long file',
    async at => {
      const lines = 'x'.repeat(99).concat('\n')
      const before = lines.repeat(Math.ceil(at / 100)).slice(0, at)
      await write({ 'lines.txt': `${before} ${token} ${lines.repeat(30)}`, 'line.txt': `${'x'.repeat(at)} ${token}` })
      const line = before.split('\n').length
      expect((await list()).secrets).toEqual([
        { path: 'line.txt', line: 1, kind: 'GitHub token' },
        { path: 'lines.txt', line, kind: 'GitHub token' },
      ])
    },
  )
})
