import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFiles } from '../../../src/adapters/fs/read-files.ts'
import { readShare } from '../../../src/adapters/fs/read-share.ts'
import type { FoundFile } from '../../../src/adapters/fs/walk-tree.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ringway-read-'))
})
afterEach(() => rm(root, { recursive: true }))

const token = `ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6'}`

/** Large enough for a second thread; holes take no room on disk and read as zeros. */
async function writeLargeTree(): Promise<readonly FoundFile[]> {
  const files: FoundFile[] = []
  for (let number = 0; number < 90; number += 1) {
    const path = `file-${String(number).padStart(2, '0')}`
    const isLarge = number % 3 === 0
    await writeFile(join(root, path), isLarge ? '' : `one\n${number % 7 === 0 ? token : number}\n`)
    if (isLarge) await truncate(join(root, path), 3 * 1024 * 1024)
    files.push({ path, size: isLarge ? 3 * 1024 * 1024 : 6, executable: false })
  }
  return files
}

describe('reading a large tree with a thread beside this one', () => {
  it('tells the same of each file as one thread does, in the order of the files', async () => {
    const files = await writeLargeTree()
    const paths = files.map(file => file.path)
    const alone = await readShare({ directory: root, paths, taken: new SharedArrayBuffer(4) })
    const together = await readFiles(root, files)
    expect(together.map(file => file.path)).toEqual(paths)
    expect(together.map(({ size, digest, secrets }) => ({ size, digest, secrets }))).toEqual(
      alone.map(([, { size, digest, secrets }]) => ({ size, digest, secrets })),
    )
    const found = together.flatMap(file => file.secrets)
    expect(found).toHaveLength(8)
    expect(found[0]).toEqual({ path: 'file-07', line: 2, kind: 'GitHub token' })
    expect(JSON.stringify(together)).not.toContain(token)
  })

  it('ends with the error of a file that is gone, whoever reads it', async () => {
    const files = await writeLargeTree()
    for (const gone of ['file-01', 'file-44', 'file-89']) {
      await rm(join(root, gone))
      await expect(readFiles(root, files)).rejects.toMatchObject({ code: 'ENOENT' })
      await writeFile(join(root, gone), 'back')
    }
  })

  it('works in the bundle, where the thread has a file of its own', async () => {
    const files = await writeLargeTree()
    const sources = join(import.meta.dirname, '..', '..', '..', 'src', 'adapters', 'fs')
    const entry = join(root, 'entry.ts')
    await writeFile(
      entry,
      `import { readFiles } from ${JSON.stringify(join(sources, 'read-files.ts'))}
       const [, directory = '', files = ''] = process.argv.slice(1)
       console.log((await readFiles(directory, JSON.parse(files))).length)`,
    )
    const input = { main: entry, 'reading-thread': join(sources, 'reading-thread.ts') }
    const bundle = await rolldown({ input, platform: 'node' })
    await mkdir(join(root, 'bundle'))
    const names = { entryFileNames: '[name].js', chunkFileNames: '[name].js' }
    await bundle.write({ dir: join(root, 'bundle'), format: 'esm', ...names })
    await bundle.close()
    await writeFile(join(root, 'bundle', 'package.json'), '{"type":"module"}')
    const run = promisify(execFile)(execPath, [join(root, 'bundle', 'main.js'), root, JSON.stringify(files)])
    expect((await run).stdout).toBe('90\n')
  })
})
