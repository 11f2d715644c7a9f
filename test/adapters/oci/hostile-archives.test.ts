import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeArtifactManifest } from '../../../src/adapters/oci/artifact-manifest.ts'
import { createArtifacts } from '../../../src/adapters/oci/artifacts.ts'
import { encodeManifest } from '../../../src/adapters/oci/manifest-blob.ts'
import { openBlobStore } from '../../../src/adapters/oci/reference.ts'
import { layerMediaType, type Manifest, type ManifestFile } from '../../../src/domain/manifest.ts'
import { RingwayError } from '../../../src/domain/ringway-error.ts'
import { sha256Digest } from '../../../src/domain/units.ts'
import type { Artifact } from '../../../src/ports/artifacts.ts'

let root = ''
const location = () => `oci-layout:${join(root, 'store')}`

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringway-hostile-'))
  await mkdir(join(root, 'place'))
  await writeFile(join(root, 'place', 'neighbour'), 'untouched')
})
afterEach(() => rm(root, { recursive: true }))

const sha = (bytes: Uint8Array) => sha256Digest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)

interface Entry {
  readonly name: string | Buffer
  readonly body?: string | Buffer
  /** The type flag: '0' a file, '1' a hard link, '2' a symbolic link, '5' a directory … */
  readonly type?: string
  readonly link?: string
  readonly mode?: number
  /** Written into the size field as it is. */
  readonly sizeField?: string | Buffer
}

/** A tar entry, byte by byte. Source: POSIX pax interchange format, "ustar Interchange Format". */
function entry({ name, body = '', type = '0', link = '', mode = 0o644, sizeField }: Entry): Buffer {
  const bytes = Buffer.from(body)
  const header = Buffer.alloc(512)
  Buffer.from(name).copy(header, 0)
  header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  Buffer.from(sizeField ?? `${bytes.length.toString(8).padStart(11, '0')}\0`).copy(header, 124)
  header.write('00000000000\0', 136)
  header.write(type, 156)
  header.write(link, 157)
  header.write('ustar\0', 257)
  header.write('00', 263)
  header.write('        ', 148)
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}

const tar = (...entries: readonly Buffer[]): Buffer => Buffer.concat([...entries, Buffer.alloc(1024)])
const listed = (path: string, body: string | Buffer, executable = false): ManifestFile => ({
  path,
  digest: sha(Buffer.from(body)),
  size: Buffer.from(body).length,
  executable,
})
const good = listed('a.txt', 'hello')

/** Writes an artifact whose digests are all right: only what is in its layer is not. */
async function write(
  layer: Buffer,
  change: Partial<Manifest> = {},
  compressed = zstdCompressSync(layer),
): Promise<Artifact> {
  const store = openBlobStore({ location: location() })
  const manifest: Manifest = {
    schemaVersion: 1,
    solution: 'support',
    components: [],
    files: [good],
    layers: [{ digest: sha(layer), size: layer.length }],
    config: { repository: {}, solution: {}, rings: {} },
    locks: [],
    plan: { order: [] },
    ...change,
  }
  const blob = { mediaType: layerMediaType, digest: sha(compressed), size: compressed.length }
  const config = encodeManifest(manifest)
  await store.writeBlob(blob, async function* () {
    yield compressed
  })
  await store.writeBlob(config.blob, async function* () {
    yield config.bytes
  })
  const uncompressed = manifest.layers[0]?.digest ?? sha(layer)
  const stored = encodeArtifactManifest({
    config: config.blob,
    layers: [{ blob, uncompressed, component: undefined }],
    sourceUrl: 'https://github.com/octo/shop',
  })
  await store.writeManifest(stored)
  return { digest: stored.digest, content: config.blob.digest, manifest }
}

async function unpack(artifact: Artifact): Promise<unknown> {
  const artifacts = createArtifacts(openBlobStore({ location: location() }))
  return await artifacts.unpack(artifact, join(root, 'place', 'out')).then(
    () => 'unpacked',
    (error: unknown) => error,
  )
}

/** The rule that refuses an artifact; nothing may come of unpacking it. */
async function refusalOf(artifact: Artifact): Promise<unknown> {
  const error = await unpack(artifact)
  expect(error).toMatchObject({ code: 'artifact_refused' })
  // Nothing outside, nothing half-done inside.
  expect(await readdir(join(root, 'place'))).toEqual(['neighbour'])
  expect(await readFile(join(root, 'place', 'neighbour'), 'utf8')).toBe('untouched')
  expect((await readdir(root)).toSorted()).toEqual(['place', 'store'])
  return error instanceof RingwayError ? error.facts['rule'] : undefined
}

describe('an archive that holds what it should not', () => {
  it('is unpacked when it holds exactly what its manifest lists', async () => {
    const artifact = await write(tar(entry({ name: 'a.txt', body: 'hello' })))
    expect(await unpack(artifact)).toBe('unpacked')
    expect(await readFile(join(root, 'place', 'out', 'a.txt'), 'utf8')).toBe('hello')
    expect((await stat(join(root, 'place', 'out', 'a.txt'))).mode & 0o7777).toBe(0o644)
  })

  const base256 = Buffer.concat([Buffer.from([0xff]), Buffer.alloc(10, 0xff), Buffer.from([0xfb])])
  const pax = (record: string) => entry({ name: 'PaxHeader', type: 'x', body: `${record.length + 3} ${record}\n` })
  it.each<{ title: string; layer: Buffer; rule: string }>([
    { title: 'D58 a path that climbs', layer: tar(entry({ name: '../../x', body: 'hello' })), rule: 'unlisted_file' },
    { title: 'D59 an absolute path', layer: tar(entry({ name: '/etc/x', body: 'hello' })), rule: 'unlisted_file' },
    {
      title: 'D60 a symbolic link and a file through it',
      layer: tar(entry({ name: 'a.txt', type: '2', link: '/tmp' }), entry({ name: 'a.txt/x', body: 'hello' })),
      rule: 'entry_type',
    },
    {
      title: 'D61 a hard link',
      layer: tar(entry({ name: 'a.txt', type: '1', link: '/etc/passwd' })),
      rule: 'entry_type',
    },
    { title: 'D62 a character device', layer: tar(entry({ name: 'a.txt', type: '3' })), rule: 'entry_type' },
    { title: 'D62 a block device', layer: tar(entry({ name: 'a.txt', type: '4' })), rule: 'entry_type' },
    { title: 'D62 a fifo', layer: tar(entry({ name: 'a.txt', type: '6' })), rule: 'entry_type' },
    {
      title: 'D63 a drive and backslashes',
      layer: tar(entry({ name: 'C:..\\x', body: 'hello' })),
      rule: 'unlisted_file',
    },
    {
      title: 'D64 a NUL in a pax path',
      layer: tar(pax('path=a.txt\0/../../x'), entry({ name: 'a.txt', body: 'hello' })),
      rule: 'unlisted_file',
    },
    { title: 'D65 a negative size', layer: tar(entry({ name: 'a.txt', sizeField: base256 })), rule: 'damaged_archive' },
    {
      title: 'D67 a mode with setuid',
      layer: tar(entry({ name: 'a.txt', body: 'hello', mode: 0o4644 })),
      rule: 'entry_mode',
    },
    {
      title: 'a mode that anybody may write to',
      layer: tar(entry({ name: 'a.txt', body: 'hello', mode: 0o666 })),
      rule: 'entry_mode',
    },
    { title: 'D68 a sparse file', layer: tar(entry({ name: 'a.txt', type: 'S', body: 'hello' })), rule: 'entry_type' },
    {
      title: 'D68 a GNU long name',
      layer: tar(
        entry({ name: '././@LongLink', type: 'L', body: '../../x\0' }),
        entry({ name: 'a.txt', body: 'hello' }),
      ),
      rule: 'hidden_entry',
    },
    {
      title: 'D68 a GNU long name that is listed',
      layer: tar(entry({ name: '././@LongLink', type: 'L', body: 'a.txt\0' }), entry({ name: 'b', body: 'hello' })),
      rule: 'hidden_entry',
    },
    {
      title: 'D68 a global pax header',
      layer: tar(entry({ name: 'g', type: 'g', body: '9 path=x\n' }), entry({ name: 'a.txt', body: 'hello' })),
      rule: 'hidden_entry',
    },
    {
      title: 'D68 pax attributes that change more than the name',
      layer: tar(pax('size=5'), entry({ name: 'a.txt', body: 'hello' })),
      rule: 'hidden_entry',
    },
    {
      title: 'files after the end',
      layer: Buffer.concat([tar(), tar(entry({ name: 'a.txt', body: 'hello' }))]),
      rule: 'hidden_entry',
    },
    { title: 'a directory', layer: tar(entry({ name: 'a.txt', type: '5' })), rule: 'entry_type' },
    {
      title: 'the same file twice',
      layer: tar(entry({ name: 'a.txt', body: 'hello' }), entry({ name: 'a.txt', body: 'other' })),
      rule: 'unlisted_file',
    },
    { title: 'nothing of what is listed', layer: tar(), rule: 'missing_file' },
    { title: 'other bytes than listed', layer: tar(entry({ name: 'a.txt', body: 'jello' })), rule: 'file_digest' },
    { title: 'more bytes than listed', layer: tar(entry({ name: 'a.txt', body: 'hello!' })), rule: 'file_size' },
    { title: 'no tar at all', layer: Buffer.alloc(4096, 0x41), rule: 'damaged_archive' },
  ])('$title -> $rule', async ({ layer, rule }) => {
    expect(await refusalOf(await write(layer))).toBe(rule)
  })

  it('D69 zeros that were announced as a small layer -> layer_size, at the first byte too many', async () => {
    const zeros = Buffer.alloc(64 * 1024 * 1024)
    const small = { digest: sha(zeros), size: 1024 }
    expect(await refusalOf(await write(zeros, { layers: [small] }))).toBe('layer_size')
  })

  it('D69 a compression ratio that no file has -> compression_ratio, before a byte is read', async () => {
    const layer = tar(entry({ name: 'a.txt', body: 'hello' }))
    const huge = { digest: sha(layer), size: 10 * 1024 ** 3 }
    expect(await refusalOf(await write(layer, { layers: [huge] }))).toBe('compression_ratio')
  })

  it('D69 a zstd frame with a huge window -> damaged_archive', async () => {
    // Frame header: magic, descriptor without single segment, window descriptor 0xF8 = 2 TiB.
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x01, 0x00, 0x00])
    const layer = tar(entry({ name: 'a.txt', body: 'hello' }))
    expect(await refusalOf(await write(layer, {}, frame))).toBe('damaged_archive')
  })

  it('a layer that is not the one the manifest names -> layer_digest', async () => {
    const layer = tar(entry({ name: 'a.txt', body: 'hello' }))
    const other = { digest: sha(Buffer.from('another')), size: layer.length }
    expect(await refusalOf(await write(layer, { layers: [other] }))).toBe('layer_digest')
  })
})

describe('a manifest that lists what it should not', () => {
  it.each([
    { path: '../x', rule: 'parent_path' },
    { path: '/etc/passwd', rule: 'absolute_path' },
    { path: 'a\\b', rule: 'backslash' },
    { path: 'C:x', rule: 'drive_path' },
    { path: 'a\0b', rule: 'control_character' },
    { path: 'a//b', rule: 'not_normalised' },
    { path: './a', rule: 'not_normalised' },
    { path: 'e\u0301', rule: 'not_normalised' },
    { path: 'x'.repeat(256), rule: 'long_segment' },
    { path: '', rule: 'empty_path' },
  ])('$rule', async ({ path, rule }) => {
    const artifact = await write(tar(), { files: [listed(path, 'hello')] })
    const artifacts = createArtifacts(openBlobStore({ location: location() }))
    await expect(artifacts.read(artifact.digest)).rejects.toMatchObject({ code: 'artifact_refused', facts: { rule } })
  })

  it('two files that are one where case is folded -> colliding_paths', async () => {
    const artifact = await write(tar(), { files: [listed('README', 'a'), listed('readme', 'b')] })
    const artifacts = createArtifacts(openBlobStore({ location: location() }))
    await expect(artifacts.read(artifact.digest)).rejects.toMatchObject({ facts: { rule: 'colliding_paths' } })
  })
})
