import { commitSha } from '../../domain/units.ts'
import {
  parseVersionName,
  readVersionTagMessage,
  type Version,
  versionTag,
  versionTagMessage,
} from '../../domain/version.ts'
import type { VersionTags } from '../../ports/version-tags.ts'
import { readGit, runGit } from './run-git.ts'

/** Every field ends with NUL and every tag with \x01: a message may hold anything else. */
const format = '--format=%(refname)%00%(objecttype)%00%(*objecttype)%00%(*objectname)%00%(contents)%00%01'

/** The versions that the git repository in `directory` knows: its annotated tags, as they were fetched last. */
export function createLocalVersionTags(directory: string): VersionTags {
  return {
    async *list(solution) {
      const versions = await readTags(directory, `refs/tags/ringway/${solution}/v*`)
      yield* versions.toSorted((a, b) => b.number - a.number)
    },

    async read(solution, number) {
      return (await readTags(directory, `refs/tags/${versionTag(solution, number)}`))[0]
    },

    async create({ solution, version }) {
      const name = versionTag(solution, version.number)
      const message = versionTagMessage(version)
      const args = ['tag', '--annotate', '--no-sign', '--cleanup=verbatim', '--message', message, name, version.commit]
      for (;;) {
        const { exitCode, stderr } = await runGit(directory, args)
        if (exitCode === 0) return 'created'
        const { exitCode: absent } = await runGit(directory, ['show-ref', '--verify', '--quiet', `refs/tags/${name}`])
        if (absent === 0) return 'taken'
        // Who meets the lock of somebody else does not know yet whether the tag will be there.
        if (!stderr.includes('cannot lock ref')) throw new Error(`git could not make the tag ${name}: ${stderr}`)
      }
    },

    async defaultBranchHead() {
      const remote = await runGit(directory, ['rev-parse', '--verify', '--quiet', 'refs/remotes/origin/HEAD^{commit}'])
      if (remote.exitCode === 0) return commitSha(remote.stdout.trim())
      return commitSha((await readGit(directory, ['rev-parse', '--verify', 'HEAD^{commit}'])).trim())
    },
  }
}

async function readTags(directory: string, pattern: string): Promise<readonly Version[]> {
  const printed = await readGit(directory, ['for-each-ref', format, pattern])
  return printed.split('\u0001').flatMap(tag => decodeTag(tag.trimStart()) ?? [])
}

function decodeTag(text: string): Version | undefined {
  const [ref = '', type, target, commit = '', message = ''] = text.split('\0')
  const number = parseVersionName(ref.slice(ref.lastIndexOf('/') + 1))
  // A light tag can be made by a slip of the hand; a version never is one.
  if (number === undefined || type !== 'tag' || target !== 'commit') return undefined
  const said = readVersionTagMessage(message)
  return said === undefined ? undefined : { number, ...said, commit: commitSha(commit) }
}
