import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { workflowText } from '../init.ts'
import { productRoot, type RehearsedRepository } from '../rehearsal.ts'
import { runGit } from '../run-git.ts'

const example = join(productRoot, 'examples', 'support-desk')

/** The example's repository as somebody has cloned it. */
export interface SupportDesk {
  /** Commits one of the example's changes and pushes it to the default branch. */
  pushChange(name: string): Promise<void>
  /** Takes the newest commit back, and pushes that. */
  takeBack(): Promise<void>
  /** Opens a pull request with one of the example's changes and merges it, both as `author`. @returns its number */
  mergeChange(name: string, author: string): Promise<number>
}

/** Makes a repository out of the example, with the workflow that `ringway init` writes, and pushes it. */
export async function cloneSupportDesk(place: RehearsedRepository, directory: string): Promise<SupportDesk> {
  mkdirSync(directory, { recursive: true })
  cpSync(join(example, 'solutions'), join(directory, 'solutions'), { recursive: true })
  cpSync(join(example, '.github'), join(directory, '.github'), { recursive: true })
  mkdirSync(join(directory, '.github', 'workflows'), { recursive: true })
  writeFileSync(join(directory, '.github', 'workflows', 'ringway.yml'), workflowText('main'))
  const git = (...args: string[]): Promise<string> =>
    runGit(directory, ['-c', 'user.name=Lena Fischer', '-c', 'user.email=lena@shop.example', ...args])
  const push = (login: string, branch = 'main') => git('push', '--quiet', place.pushUrl(login), `HEAD:${branch}`)
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'A support desk of six components')
  await push('lena')
  return {
    async pushChange(name) {
      await git('am', '--quiet', patchOf(name))
      await push('omar')
    },
    async takeBack() {
      await git('revert', '--no-edit', 'HEAD')
      await push('omar')
    },
    async mergeChange(name, author) {
      await git('am', '--quiet', patchOf(name))
      await push(author, name)
      const title = (await git('log', '-1', '--format=%s')).trim()
      const number = await merge(place, { title, branch: name, author })
      await git('pull', '--quiet', '--ff-only', place.pushUrl(author), 'main')
      return number
    },
  }
}

/** Pushes the example of a repository that builds nothing and takes versions of the first one. */
export async function pushSupportDeskAbroad(place: RehearsedRepository, directory: string): Promise<void> {
  cpSync(join(productRoot, 'examples', 'support-desk-abroad'), directory, { recursive: true })
  const git = (...args: string[]): Promise<string> =>
    runGit(directory, ['-c', 'user.name=Omar Haddad', '-c', 'user.email=omar@shop.example', ...args])
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'The support desk, abroad')
  await git('push', '--quiet', place.pushUrl('omar'), 'HEAD:main')
}

async function merge(
  place: RehearsedRepository,
  pull: { readonly title: string; readonly branch: string; readonly author: string },
): Promise<number> {
  const body = { title: pull.title, head: pull.branch, base: 'main' }
  const opened = await place.api(pull.author, { method: 'POST', path: '/pulls', body })
  const { number } = z.object({ number: z.number() }).parse(opened)
  await place.api(pull.author, { method: 'PUT', path: `/pulls/${number}/merge`, body: { merge_method: 'merge' } })
  return number
}

function patchOf(name: string): string {
  const changes = join(example, 'changes')
  const file = readdirSync(changes).find(one => one.startsWith(name))
  if (file === undefined) throw new TypeError(`the example has no change called ${name}`)
  return join(changes, file)
}
