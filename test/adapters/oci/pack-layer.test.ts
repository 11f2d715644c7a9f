import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packLayer } from '../../../src/adapters/oci/pack-layer.ts'
import { paddedSize, tarHeader } from '../../../src/adapters/oci/tar-header.ts'
import type { ManifestFile } from '../../../src/domain/manifest.ts'
import { sha256Digest } from '../../../src/domain/units.ts'
import type { SourceFile } from '../../../src/ports/artifacts.ts'
import { noise } from '../../support/artifacts.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringway-pack-layer-'))
})
afterEach(() => rm(root, { recursive: true }))

const long = `a/${'directory/'.repeat(30)}file.txt`
const contents: Readonly<Record<string, Uint8Array | string>> = {
  'empty.txt': '',
  'one-block.bin': noise(512, 'block'),
  'several-blocks.bin': noise(2_500_000, 'large'),
  'run.sh': '#!/bin/sh\n',
  'größe 🚀.txt': 'not ASCII',
  [long]: 'long',
  [`${'x'.repeat(100)}`]: 'as long as a header takes',
  [`${'x'.repeat(101)}`]: 'longer',
}

async function writeFiles(): Promise<readonly SourceFile[]> {
  return await Promise.all(
    Object.entries(contents).map(async ([path, content]) => {
      await mkdir(join(root, dirname(path)), { recursive: true })
      await writeFile(join(root, path), content)
      return { path, size: (await stat(join(root, path))).size, executable: path.endsWith('.sh') }
    }),
  )
}

/** Block by block, because collecting them first would see each overwritten. */
function pack(files: readonly SourceFile[], onFile: (file: ManifestFile) => void = () => {}): Buffer {
  const copies: Buffer[] = []
  for (const block of packLayer({ directory: root, files }, onFile)) copies.push(Buffer.from(block))
  return Buffer.concat(copies)
}

describe('a packed layer', () => {
  it('[M3] has the bytes that it always had: an artifact of years ago can be rebuilt', async () => {
    const tar = pack(await writeFiles())
    expect(createHash('sha256').update(tar).digest('hex')).toBe(
      '36e6ec1f3e4562b6a6d5a016c36c8973f05853ec0fa318bce08ac4b47a49a72f',
    )
  })

  it('is read by tar, with every name, content and mode', async () => {
    await writeFile(join(root, 'layer.tar'), pack(await writeFiles()))
    await mkdir(join(root, 'out'))
    execFileSync('tar', ['--extract', '--preserve-permissions', '--file', '../layer.tar'], { cwd: join(root, 'out') })
    for (const [path, content] of Object.entries(contents)) {
      expect(await readFile(join(root, 'out', path))).toEqual(Buffer.from(content))
      const { mode, mtimeMs } = await stat(join(root, 'out', path))
      expect({ mode: mode & 0o7777, mtimeMs }).toEqual({ mode: path.endsWith('.sh') ? 0o755 : 0o644, mtimeMs: 0 })
    }
    const listing = execFileSync('tar', ['--list', '--file', 'layer.tar'], { cwd: root, encoding: 'utf8' })
    expect(listing.trim().split('\n')).toHaveLength(Object.keys(contents).length)
  })

  it('tells the digest of each file, in the order of their paths', async () => {
    const seen: ManifestFile[] = []
    pack(await writeFiles(), file => seen.push(file))
    expect(seen.map(file => file.path)).toEqual(Object.keys(contents).toSorted())
    for (const { path, digest } of seen) {
      expect(digest).toBe(
        `sha256:${createHash('sha256')
          .update(contents[path] ?? '')
          .digest('hex')}`,
      )
    }
  })

  it('keeps to two blocks of memory: a block is as it was until the one after the next is asked for', async () => {
    const blocks = new Set<ArrayBufferLike>()
    for (const block of packLayer({ directory: root, files: await writeFiles() }, () => {})) blocks.add(block.buffer)
    expect(blocks.size).toBe(2)
  })

  it.each([
    { what: 'longer', change: (path: string) => writeFile(path, '#!/bin/sh -e\n'), words: 'it has 13 bytes' },
    { what: 'shorter', change: (path: string) => truncate(path, 3), words: 'it has 3 bytes' },
    { what: 'other', change: (path: string) => writeFile(path, '#!/bin/no\n'), words: 'it holds something else' },
    { what: 'gone', change: (path: string) => rm(path), words: 'it is gone' },
  ])('is not made of a file that is $what by then', async ({ change, words }) => {
    const files = (await writeFiles()).map(file => ({ ...file, digest: digestOf(contents[file.path] ?? '') }))
    await change(join(root, 'run.sh'))
    expect(() => pack(files)).toThrow(
      expect.objectContaining({ code: 'compile_failed', message: expect.stringContaining(words) }),
    )
  })
})

function digestOf(content: Uint8Array | string): NonNullable<SourceFile['digest']> {
  return sha256Digest(`sha256:${createHash('sha256').update(content).digest('hex')}`)
}

describe('a tar header', () => {
  it.each([
    { path: 'a', blocks: 1 },
    { path: 'x'.repeat(100), blocks: 1 },
    { path: 'x'.repeat(101), blocks: 3 },
    { path: 'é', blocks: 3 },
    { path: 'x/'.repeat(300), blocks: 4 },
  ])('of $path takes $blocks blocks', ({ path, blocks }) => {
    expect(tarHeader({ path, size: 1, executable: false }).byteLength).toBe(blocks * 512)
  })

  it('refuses a size that tar cannot write', () => {
    expect(() => tarHeader({ path: 'a', size: 8 ** 11, executable: false })).toThrow(RangeError)
  })

  it.each([
    { size: 0, padded: 0 },
    { size: 1, padded: 512 },
    { size: 512, padded: 512 },
    { size: 513, padded: 1024 },
  ])('$size bytes fill $padded', ({ size, padded }) => {
    expect(paddedSize(size)).toBe(padded)
  })
})
