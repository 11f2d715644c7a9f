import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workflowText } from '../init.ts'
import { productRoot, type Rehearsal } from '../rehearsal.ts'
import { runGit } from '../run-git.ts'

const example = join(productRoot, 'examples', 'support-desk')
const author = 'lena'

/** The example's repository as somebody has cloned it. */
export interface SupportDesk {
  /** Commits one of the example's changes and pushes it. */
  pushChange(name: string): Promise<void>
}

/** Makes a repository out of the example, with the workflow that `ringway init` writes, and pushes it. */
export async function cloneSupportDesk(rehearsal: Rehearsal, directory: string): Promise<SupportDesk> {
  mkdirSync(directory, { recursive: true })
  cpSync(join(example, 'solutions'), join(directory, 'solutions'), { recursive: true })
  cpSync(join(example, '.github'), join(directory, '.github'), { recursive: true })
  mkdirSync(join(directory, '.github', 'workflows'), { recursive: true })
  writeFileSync(join(directory, '.github', 'workflows', 'ringway.yml'), workflowText('main'))
  const git = (...args: string[]): Promise<string> =>
    runGit(directory, ['-c', 'user.name=Lena Fischer', '-c', 'user.email=lena@shop.example', ...args])
  const push = () => git('push', '--quiet', rehearsal.pushUrl(author), 'HEAD:main')
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'A support desk of six components')
  await push()
  return {
    async pushChange(name) {
      await git('am', '--quiet', patchOf(name))
      await push()
    },
  }
}

function patchOf(name: string): string {
  const changes = join(example, 'changes')
  const file = readdirSync(changes).find(one => one.startsWith(name))
  if (file === undefined) throw new TypeError(`the example has no change called ${name}`)
  return join(changes, file)
}
