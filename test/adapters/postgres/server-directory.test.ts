import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeDirectories, serverDirectory } from '../../../src/adapters/postgres/server-directory.ts'

const user = { uid: 20_101, gid: 20_101 }

async function somewhere(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'ringway-directory-'))
  onTestFinished(() => rm(parent, { recursive: true }))
  return join(parent, 'postgres')
}

// Only root can give a directory away.
describe.runIf(process.getuid?.() === 0)('the directories of the server', () => {
  it('are made for its user, by however many at once', async () => {
    const directory = await serverDirectory(await somewhere())
    await Promise.all(Array.from({ length: 20 }, () => makeDirectories(directory, user)))
    for (const path of [directory.root, directory.socket]) {
      const { uid, mode } = await stat(path)
      expect([uid, mode & 0o777]).toEqual([user.uid, 0o700])
    }
  })

  it('are given to its user where an App was killed before it could', async () => {
    const root = await somewhere()
    await mkdir(root)
    await makeDirectories(await serverDirectory(root), user)
    expect((await stat(root)).uid).toBe(user.uid)
  })

  it('are not taken from root with what is in them', async () => {
    const root = await somewhere()
    await mkdir(root)
    await writeFile(join(root, 'notes.txt'), 'mine')
    await expect(makeDirectories(await serverDirectory(root), user)).rejects.toThrow('belongs to the user 0')
    expect((await stat(root)).uid).toBe(0)
  })
})
