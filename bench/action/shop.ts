import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** A clone of a small repository with two rings. */
export interface ShopClone {
  /** @returns the commit */
  commit(content: string): Promise<string>
  push(branch: string): Promise<void>
}

const workflow = join(import.meta.dirname, '..', '..', 'src', 'cli', 'init', 'ringway.yml')

const ringFile = `version: 1
solutions:
  shop:
    path: shop
    components: { app: { kind: code, exec: ./place.sh } }
    rings:
      dev:
        deploy-on: push
        deploy: { target: command, run: ./place.sh, activate: ./place.sh, rollback: ./place.sh }
        checks: [ { run: ./place.sh } ]
      staging:
        after: dev
        promote: auto
        deploy: { target: command, run: ./place.sh, activate: ./place.sh, rollback: ./place.sh }
        checks: [ { run: ./place.sh } ]
        gates:
          approvals: { count: 1 }
          soak: 1ms
          checks: required
          windows: { allow: "Mon-Sun 00:00-24:00 UTC" }
`

/** Writes the shop into `directory`, a clone that pushes to `remote`. */
export async function writeShop(directory: string, remote: string): Promise<ShopClone> {
  const run = promisify(execFile)
  // The machine's own configuration of git has no part in this.
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' }
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', args, { cwd: directory, env })).stdout.trim()
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), text)
  }
  await write('.github/rings.yml', ringFile)
  await mkdir(join(directory, '.github', 'workflows'))
  await copyFile(workflow, join(directory, '.github', 'workflows', 'ringway.yml'))
  await write('shop/place.sh', '#!/bin/sh\ntest -s app.txt\n')
  await chmod(join(directory, 'shop', 'place.sh'), 0o755)
  await git('init', '--quiet', '--initial-branch=main')
  await git('config', 'user.name', 'Alice')
  await git('config', 'user.email', 'alice@example.com')
  await git('remote', 'add', 'origin', remote)
  return {
    async commit(content) {
      await write('shop/app.txt', `${content}\n`)
      await git('add', '--all')
      await git('commit', '--quiet', '--message', content)
      return await git('rev-parse', 'HEAD')
    },
    async push(branch) {
      await git('push', '--quiet', 'origin', `HEAD:${branch}`)
    },
  }
}
