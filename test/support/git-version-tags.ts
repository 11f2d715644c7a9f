import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommitSha, commitSha, sha256Digest } from '../../src/domain/units.ts'
import { parseVersionName, type Version, versionTag } from '../../src/domain/version.ts'
import type { VersionTags } from '../../src/ports/version-tags.ts'

/** A git repository of its own, and the version tags in it. */
export interface GitVersions extends AsyncDisposable {
  readonly tags: VersionTags
  /** Makes the next commit of the default branch. */
  commit(): Promise<CommitSha>
  /** Tags many versions at once, as earlier builds would have. */
  add(solution: string, versions: readonly Version[]): Promise<void>
  /** Runs git in it; gives back what it prints. */
  git(args: readonly string[], input?: string): Promise<string>
}

const absent = '0'.repeat(40)
const identity = 'Ada <ada@example.com> 1600000000 +0000'

/** Versions as annotated tags of real git: what makes a claim atomic is git's own `update-ref`. */
export async function openGitVersions(): Promise<GitVersions> {
  const directory = await mkdtemp(join(tmpdir(), 'ringway-versions-'))
  const git = (args: readonly string[], input?: string) => runGit(directory, args, input)
  await git(['init', '--quiet', '--bare', '--initial-branch=main'])
  const tree = await git(['mktree'], '')
  let commits = 0
  return {
    git,
    tags: createGitTags(git),
    async commit() {
      commits += 1
      const text = `tree ${tree}\nauthor ${identity}\ncommitter ${identity}\n\ncommit ${commits}\n`
      const sha = await git(['hash-object', '-t', 'commit', '-w', '--stdin'], text)
      await git(['update-ref', 'refs/heads/main', sha])
      return commitSha(sha)
    },
    async add(solution, versions) {
      await git(['fast-import', '--quiet'], versions.map(version => importedTag(solution, version)).join(''))
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

type Git = GitVersions['git']

function createGitTags(git: Git): VersionTags {
  const find = async (pattern: string): Promise<readonly Version[]> => {
    const format = '--format=%(refname)%00%(*objectname)%00%(contents)%01'
    const printed = await git(['for-each-ref', '--sort=-version:refname', format, pattern])
    return printed.split('\u0001').flatMap(text => decodeVersion(text.trimStart()) ?? [])
  }
  return {
    async *list(solution) {
      yield* await find(`refs/tags/ringway/${solution}/`)
    },
    async read(solution, number) {
      return (await find(`refs/tags/${versionTag(solution, number)}`))[0]
    },
    async create({ solution, version }) {
      const name = versionTag(solution, version.number)
      const text = `object ${version.commit}\ntype commit\ntag ${name}\ntagger ${identity}\n\n${messageOf(version)}`
      const tag = await git(['mktag'], text)
      for (;;) {
        try {
          await git(['update-ref', `refs/tags/${name}`, tag, absent])
          return 'created'
        } catch (error) {
          // Who finds the lock of somebody else does not know yet whether the tag will be there.
          const there = await git(['for-each-ref', `refs/tags/${name}`])
          if (there !== '') return 'taken'
          if (!String(error).includes('.lock')) throw error
        }
      }
    },
    defaultBranchHead: async () => commitSha(await git(['rev-parse', 'refs/heads/main'])),
  }
}

function messageOf(version: Version): string {
  return `artifact ${version.digest}\ncontent ${version.content}\n`
}

/** As `git fast-import` reads it. */
function importedTag(solution: string, version: Version): string {
  const message = messageOf(version)
  const name = versionTag(solution, version.number)
  return `tag ${name}\nfrom ${version.commit}\ntagger ${identity}\ndata ${message.length}\n${message}\n`
}

function decodeVersion(text: string): Version | undefined {
  const [ref = '', commit = '', message = ''] = text.split('\0')
  const number = parseVersionName(ref.slice(ref.lastIndexOf('/') + 1))
  const digest = /^artifact (.+)$/m.exec(message)?.[1]
  const content = /^content (.+)$/m.exec(message)?.[1]
  if (number === undefined || digest === undefined || content === undefined) return undefined
  return { number, digest: sha256Digest(digest), content: sha256Digest(content), commit: commitSha(commit) }
}

function runGit(directory: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('git', ['-C', directory, ...args], (error, stdout) => {
      if (error === null) resolve(stdout.trimEnd())
      else reject(error)
    })
    // A command that reads nothing may have ended by now.
    child.stdin?.on('error', () => {}).end(input)
  })
}
