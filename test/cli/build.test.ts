import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestRepository } from '../support/test-repository.ts'
import { ringway, startRingway } from './ringway-program.ts'
import { openServiceRepository, serviceRings, tagVersion } from './service-repository.ts'

let shop: TestRepository
beforeEach(async () => {
  shop = await openServiceRepository()
})
afterEach(() => shop.dispose())

const build = (...args: readonly string[]) => ringway(shop.directory, ['build', ...args])

async function builtOnce(...args: readonly string[]) {
  const ended = await build('--json', ...args)
  expect(ended).toMatchObject({ code: 0 })
  const [solution] = Object(ended.json()['solutions'])
  return Object(solution)
}

describe('ringway build', () => {
  it('[M3] gives the same artifact for the same tree, and packs no artifact into an artifact', async () => {
    const first = await builtOnce()
    expect(first).toMatchObject({ solution: 'shop', version: null, files: 4, existed: false })
    expect(first.uploaded_bytes).toBeGreaterThan(0)
    await expect(builtOnce()).resolves.toEqual({ ...first, existed: true, uploaded_bytes: 0 })
  })

  it('says digest, content, files and bytes, and where they are', async () => {
    const { digest, content } = await builtOnce()
    const { out, code } = await build()
    expect(code).toBe(0)
    expect(out).toContain(`digest    ${digest}, which the store held already`)
    expect(out).toContain(`content   ${content}`)
    expect(out).toMatch(/^ {2}files {5}4 \(\S+ k?B\)$/m)
    expect(out).toContain(`Published into oci-layout:${join(shop.directory, '.ringway', 'store')}`)
  })

  it('makes no version, and nothing that git would commit', async () => {
    await builtOnce()
    await expect(shop.git('tag', '--list')).resolves.toBe('')
    await expect(shop.git('status', '--porcelain')).resolves.toBe('')
  })

  it('is the same from a directory below, and into the store that is named', async () => {
    const { digest } = await builtOnce()
    await mkdir(join(shop.directory, 'below'))
    const named = join(shop.directory, '..', 'named')
    const args = ['build', '--json', '--store', `oci-layout:${named}`]
    const ended = await ringway(join(shop.directory, 'below'), args)
    expect(ended.json()).toMatchObject({ ok: true, store: `oci-layout:${named}`, solutions: [{ digest }] })
    expect(existsSync(join(named, 'index.json'))).toBe(true)
  })

  it('names the source as the job does, however the remote is written, and never with a password', async () => {
    await shop.git('remote', 'add', 'origin', 'git@github.com:octo/shop.git')
    const { digest } = await builtOnce()
    await shop.git('remote', 'set-url', 'origin', 'https://ada:secret-word@github.com/octo/shop')
    await expect(builtOnce()).resolves.toMatchObject({ digest })
    const blob = join(shop.directory, '.ringway', 'store', 'blobs', 'sha256', digest.slice('sha256:'.length))
    const manifest = await readFile(blob, 'utf8')
    expect(manifest).toContain('"org.opencontainers.image.source":"https://github.com/octo/shop"')
  })

  it('knows the newest version again, and what breaks against it', async () => {
    await tagVersion(shop, { name: 'v1', ...(await builtOnce()) })
    await expect(builtOnce()).resolves.toMatchObject({ version: 'v1', compatibility: { breaking: false } })
    await shop.write({ '.github/rings.yml': serviceRings.replaceAll('web:', 'front:') })
    const changed = await builtOnce()
    expect(changed).toMatchObject({ version: null, compatibility: { breaking: true } })
  })

  it('says which files are not as the commit has them', async () => {
    expect((await build()).err).toBe('')
    await shop.write({ 'server.mjs': 'serve(2)\n', 'notes.txt': 'new\n' })
    expect((await build()).err).toContain('2 of its files are not as the commit has them (notes.txt, server.mjs)')
  })

  it('runs the build command, and says its last lines when it fails', async () => {
    await shop.write({
      '.github/rings.yml': serviceRings.replace(
        '    components:',
        '    build: cp server.mjs made.mjs\n    components:',
      ),
    })
    await expect(builtOnce()).resolves.toMatchObject({ files: 5 })
    await shop.write({
      '.github/rings.yml': serviceRings.replace('    components:', '    build: echo broken; exit 3\n    components:'),
    })
    const ended = await build('--json')
    expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('broken') })
    expect(ended.json()).toMatchObject({ ok: false, reason_code: 'build_command_failed' })
  })

  it('lists every problem with its file and line, and publishes nothing', async () => {
    await shop.write({ 'package.json': '{"dependencies":{"left-pad":"1"}}', 'order.json': '{' })
    const ended = await build()
    expect(ended.code).toBe(1)
    expect(ended.out).toMatch(/^order\.json:1:\S*: error: /m)
    expect(ended.out).toMatch(/^package\.json\S*: error: /m)
    const { ok, reason_code, problems } = (await build('--json')).json()
    expect({ ok, reason_code }).toEqual({ ok: false, reason_code: 'compile_failed' })
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: 'order.json', severity: 'error' }),
        expect.objectContaining({ path: 'package.json', severity: 'error' }),
      ]),
    )
    expect(existsSync(join(shop.directory, '.ringway', 'store'))).toBe(false)
  })

  it('refuses a file that holds a secret, by its place and without its value', async () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`
    await shop.write({ 'notes.txt': `one\ntoken ${secret}\n` })
    for (const args of [[], ['--json']]) {
      const ended = await build(...args)
      expect(ended.code).toBe(1)
      expect(ended.out + ended.err).toContain('notes.txt')
      expect(ended.out + ended.err).not.toContain(secret)
    }
    expect((await build()).out).toMatch(/^notes\.txt:2: error: /m)
  })

  it.each([
    { args: ['--solution', 'other'], code: 1, reason: 'unknown_solution' },
    { args: ['--store', 'nowhere'], code: 2, reason: 'input_invalid' },
    { args: ['--ring-file', 'none.yml'], code: 2, reason: 'ring_file_missing' },
    { args: ['--store', 'oci-layout:server.mjs'], code: 3, reason: 'store_unreachable' },
  ])('ends with $code for $args', async ({ args, code, reason }) => {
    const ended = await build('--json', ...args)
    expect(ended).toMatchObject({ code })
    expect(ended.json()).toMatchObject({ ok: false, reason_code: reason })
  })

  it('says what to do outside of a repository', async () => {
    const ended = await ringway(tmpdir(), ['build', '--json'])
    expect(ended.code).toBe(2)
    expect(ended.json()).toMatchObject({ reason_code: 'input_invalid', remedy: expect.stringContaining('git init') })
  })

  it('tells how far long work has come', async () => {
    await shop.write({ 'large.bin': 'x'.repeat(12 * 1024 * 1024) })
    const { err } = await build()
    expect(err).toMatch(/^packing 25 % \(\S+ MB of 12\.6 MB\)$/m)
    expect(err).toMatch(/^packing 100 % /m)
  })

  it('leaves nothing behind after Ctrl-C: no process, no directory, no store', async () => {
    const line = 'echo started; echo $$ > pid; exec sleep 300'
    await shop.write({
      '.github/rings.yml': serviceRings.replace('    components:', () => `    build: ${line}\n    components:`),
    })
    const temporary = join(shop.directory, '..', 'tmp')
    await mkdir(temporary)
    const { child, ended } = startRingway(shop.directory, ['build', '--json'], { TMPDIR: temporary })
    await expect.poll(() => readFile(join(shop.directory, 'pid'), 'utf8'), { timeout: 10_000 }).toMatch(/\n/)
    child.kill('SIGINT')
    const end = await ended
    expect(end.code).toBe(1)
    expect(end.json()).toMatchObject({ ok: false, reason_code: 'cancelled' })
    await expect(readdir(temporary)).resolves.toEqual([])
    expect(existsSync(join(shop.directory, '.ringway', 'store'))).toBe(false)
    const pid = Number(await readFile(join(shop.directory, 'pid'), 'utf8'))
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})
