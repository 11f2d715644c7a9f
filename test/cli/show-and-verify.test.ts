import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createArtifacts } from '../../src/adapters/oci/artifacts.ts'
import { openBlobStore } from '../../src/adapters/oci/reference.ts'
import { provenanceStatement } from '../../src/domain/provenance.ts'
import { commitSha, epochMs, sha256Digest } from '../../src/domain/units.ts'
import type { TestRepository } from '../support/test-repository.ts'
import { ringway } from './ringway-program.ts'
import { openServiceRepository, tagVersion } from './service-repository.ts'

interface Built {
  readonly digest: string
  readonly content: string
}

let template: TestRepository
let built: Built
let commit: string
beforeAll(async () => {
  template = await openServiceRepository()
  commit = await template.git('rev-parse', 'HEAD')
  const ended = await ringway(template.directory, ['build', '--json'])
  const [{ digest, content }] = Object(ended.json()['solutions'])
  built = { digest, content }
})
afterAll(() => template.dispose())

let shop: TestRepository
beforeEach(async () => {
  shop = await template.copy()
})
afterEach(() => shop.dispose())

const run = (...args: readonly string[]) => ringway(shop.directory, args)

const store = () => join(shop.directory, '.ringway', 'store')

/** Attaches what the build job would, with these words of whoever started it. */
async function attachProvenance(actor: string, version: string | undefined): Promise<void> {
  const statement = provenanceStatement(
    { solution: 'shop', version, digest: sha256Digest(built.digest), content: sha256Digest(built.content) },
    {
      repositoryUrl: 'https://github.com/octo/shop',
      commit: commitSha(commit),
      ref: 'refs/heads/main',
      workflow: 'octo/shop/.github/workflows/ringway.yml@refs/heads/main',
      runUrl: 'https://github.com/octo/shop/actions/runs/7',
      attempt: 2,
      actor,
      finishedAt: epochMs(Date.parse('2026-11-20T10:00:00Z')),
    },
    at => new Date(at).toISOString(),
  )
  const artifacts = createArtifacts(openBlobStore({ location: `oci-layout:${store()}` }))
  await artifacts.attachStatement(sha256Digest(built.digest), statement)
}

/** Flips a bit of every blob that `isOne` picks by its text. */
async function damage(isOne: (text: string) => boolean): Promise<number> {
  const blobs = join(store(), 'blobs', 'sha256')
  let damaged = 0
  for (const name of await readdir(blobs)) {
    const bytes = await readFile(join(blobs, name))
    if (!isOne(bytes.toString('latin1'))) continue
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
    await writeFile(join(blobs, name), bytes)
    damaged += 1
  }
  return damaged
}

describe('ringway show', () => {
  it('[A2] tells what a version holds and who built it', async () => {
    await tagVersion(shop, { name: 'v1', ...built })
    await attachProvenance('ada', 'v1')
    const { out, code } = await run('show', 'v1')
    expect(code).toBe(0)
    for (const line of [
      'solution  shop v1',
      `digest    ${built.digest}`,
      `content   ${built.content}`,
      `commit    ${commit}`,
      '  by        @ada',
      '  run       https://github.com/octo/shop/actions/runs/7/attempts/2',
      '  when      2026-11-20T10:00:00.000Z',
      '  web (service)',
      '    start    node server.mjs',
      '    input    { count?: integer, item: string }',
      '    secrets  SHOP_KEY',
      '    timeout  30.0 s',
      '  LOG_LEVEL = "info" (solution)',
      '  LOG_LEVEL = "warn" (ring production)',
    ])
      expect(out.split('\n')).toContain(line)
    expect(out).toMatch(/^ {2}web {7}1 file {3}\S+ k?B {2}sha256:/m)
  })

  it('gives programs the manifest and every statement', async () => {
    await tagVersion(shop, { name: 'v1', ...built })
    await attachProvenance('ada', 'v1')
    const shown = (await run('show', 'v1', '--json')).json()
    expect(shown).toMatchObject({
      ok: true,
      solution: 'shop',
      version: 'v1',
      commit,
      ...built,
      manifest: { solution: 'shop', components: [{ name: 'web', kind: 'service' }] },
      provenance: [{ predicateType: 'https://slsa.dev/provenance/v1' }],
    })
  })

  it('finds the solution of a digest in the artifact itself', async () => {
    await shop.git('rm', '--quiet', '.github/rings.yml')
    const { out } = await run('show', built.digest)
    expect(out).toContain(`solution  shop draft ${built.digest.slice(7, 19)}`)
    expect(out).toContain('on a machine that attached no provenance')
  })

  it('lets no text of a stranger move the cursor', async () => {
    await attachProvenance('ada\u001b[2J\u202eevil', undefined)
    const { out } = await run('show', built.digest)
    expect(out).toContain('@adaevil')
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  })

  it.each([
    { args: ['v9'], code: 1, reason: 'unknown_version', remedy: "git fetch origin 'refs/tags/ringway/*" },
    { args: [`sha256:${'0'.repeat(64)}`], code: 1, reason: 'artifact_not_found', remedy: 'store' },
    { args: ['latest'], code: 2, reason: 'input_invalid', remedy: 'git tag --list' },
    { args: ['v1', '--ring-file', 'none.yml'], code: 2, reason: 'input_invalid', remedy: '--solution' },
  ])('ends with $code for $args', async ({ args, code, reason, remedy }) => {
    const ended = await run('show', '--json', ...args)
    expect(ended.code).toBe(code)
    expect(ended.json()).toMatchObject({ ok: false, reason_code: reason, remedy: expect.stringContaining(remedy) })
  })

  it('asks which solution is meant when there are several', async () => {
    const rings = await readFile(join(shop.directory, '.github', 'rings.yml'), 'utf8')
    const second = rings.slice(rings.indexOf('  shop:')).replace('shop:', 'other:').replaceAll('dev:', 'test:')
    await shop.write({ '.github/rings.yml': rings + second.replaceAll('after: dev', 'after: test') })
    await tagVersion(shop, { name: 'v1', ...built })
    const ended = await run('show', 'v1')
    expect(ended).toMatchObject({ code: 2, err: expect.stringContaining('declares shop, other') })
    expect((await run('show', 'v1', '--solution', 'shop')).code).toBe(0)
  })
})

describe('ringway verify', () => {
  it('[A1] proves that an artifact is whole', async () => {
    await tagVersion(shop, { name: 'v1', ...built })
    const ended = await run('verify', 'v1', '--json')
    expect(ended.json()).toMatchObject({ ok: true, version: 'v1', digest: built.digest, rebuilt_from: null })
    expect((await run('verify', built.digest)).out).toContain('is whole: 4 files pulled')
  })

  it.each([
    // Magic number of a zstd frame.
    { what: 'a layer', isOne: (text: string) => text.startsWith('\x28\xb5\x2f\xfd') },
    { what: 'the manifest', isOne: (text: string) => text.includes('"artifactType"') },
    { what: 'the content', isOne: (text: string) => text.startsWith('{"components"') },
  ])('[A1] finds a bit that is not as it was in $what', async ({ isOne }) => {
    expect(await damage(isOne)).toBeGreaterThan(0)
    const ended = await run('verify', built.digest, '--json')
    expect(ended.code).toBe(1)
    expect(ended.json()).toMatchObject({ ok: false, reason_code: 'digest_mismatch' })
  })

  it('[M3] builds a version again from its commit, whatever the working tree holds', async () => {
    await tagVersion(shop, { name: 'v1', ...built })
    await shop.write({ 'server.mjs': 'not committed\n', 'left.txt': 'left over\n' })
    const before = await shop.git('status', '--porcelain')
    const temporary = join(shop.directory, '..', 'tmp')
    await mkdir(temporary)
    const ended = await ringway(shop.directory, ['verify', 'v1', '--rebuild', '--json'], { TMPDIR: temporary })
    expect(ended.json()).toMatchObject({ ok: true, rebuilt_from: commit })
    await expect(shop.git('status', '--porcelain')).resolves.toBe(before)
    await expect(shop.git('worktree', 'list')).resolves.not.toContain('\n')
    await expect(readdir(temporary)).resolves.toEqual([])
  })

  it('[M3] names what differs from the source', async () => {
    await shop.write({ 'server.mjs': 'serve(2)\n', 'new.txt': '\n' })
    const other = await shop.commit('Go on')
    await tagVersion(shop, { name: 'v1', ...built })
    const ended = await run('verify', 'v1', '--rebuild', '--json')
    expect(ended.code).toBe(1)
    expect(ended.err).toMatch(/^~ server\.mjs$/m)
    expect(ended.json()).toMatchObject({
      ok: false,
      reason_code: 'content_differs',
      message: expect.stringContaining(`commit ${other} gives sha256:`),
      differences: expect.arrayContaining(['~ server.mjs', '+ new.txt']),
    })
  })

  it('builds a draft again from the commit that its provenance claims', async () => {
    const without = await run('verify', built.digest, '--rebuild', '--json')
    expect(without).toMatchObject({ code: 2 })
    expect(without.json()['message']).toContain('Nothing says which commit')
    await attachProvenance('ada', undefined)
    const ended = await run('verify', built.digest, '--rebuild', '--json')
    expect(ended.json()).toMatchObject({ ok: true, version: null, rebuilt_from: commit })
  })

  it('says how to get a commit that this clone does not have', async () => {
    await tagVersion(shop, { name: 'v1', ...built })
    const clone = join(shop.directory, '..', 'clone')
    const url = `file://${shop.directory}`
    await shop.git('commit', '--quiet', '--allow-empty', '--message', 'Go on')
    await shop.git('clone', '--quiet', '--depth', '1', '--no-tags', url, clone)
    await mkdir(join(clone, '.git', 'refs', 'tags', 'ringway', 'shop'), { recursive: true })
    const tag = await shop.git('rev-parse', 'refs/tags/ringway/shop/v1')
    await writeFile(join(clone, '.git', 'objects', 'info', 'alternates'), `${shop.directory}/.git/objects\n`)
    await writeFile(join(clone, '.git', 'refs', 'tags', 'ringway', 'shop', 'v1'), `${tag}\n`)
    const args = ['verify', 'v1', '--rebuild', '--store', `oci-layout:${store()}`]
    const ended = await ringway(clone, args)
    expect(ended.code).toBe(0)
    expect(ended.out).toContain('gives it again, to the byte')
  })
})
