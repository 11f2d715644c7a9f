import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workflowText } from '../init.ts'
import { productRoot, type Rehearsal, runGit } from '../rehearsal.ts'

const example = join(productRoot, 'examples', 'support-desk')
const author = 'lena'

/** The example's repository as somebody has cloned it. */
export interface SupportDesk {
  /** Commits one of the example's changes and pushes it. */
  pushChange(name: string): void
}

/** Makes a repository out of the example, with the workflow that `ringway init` writes, and pushes it. */
export function cloneSupportDesk(rehearsal: Rehearsal, directory: string): SupportDesk {
  mkdirSync(directory, { recursive: true })
  cpSync(join(example, 'solutions'), join(directory, 'solutions'), { recursive: true })
  cpSync(join(example, '.github'), join(directory, '.github'), { recursive: true })
  mkdirSync(join(directory, '.github', 'workflows'), { recursive: true })
  writeFileSync(join(directory, '.github', 'workflows', 'ringway.yml'), workflowText('main'))
  const git = (...args: string[]): string =>
    runGit(directory, ['-c', 'user.name=Lena Fischer', '-c', 'user.email=lena@shop.example', ...args])
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'A support desk of six components')
  const push = (): string => git('push', '--quiet', rehearsal.pushUrl(author), 'HEAD:main')
  push()
  return {
    pushChange(name) {
      git('am', '--quiet', patchOf(name))
      push()
    },
  }
}

function patchOf(name: string): string {
  const changes = join(example, 'changes')
  const file = readdirSync(changes).find(one => one.startsWith(name))
  if (file === undefined) throw new TypeError(`the example has no change called ${name}`)
  return join(changes, file)
}
