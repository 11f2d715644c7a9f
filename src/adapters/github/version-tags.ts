import { commitSha } from '../../domain/units.ts'
import {
  parseVersionName,
  readVersionTagMessage,
  type Version,
  versionTag,
  versionTagMessage,
} from '../../domain/version.ts'
import type { VersionTags } from '../../ports/version-tags.ts'
import type { GithubClient } from './github-client.ts'
import { branchPayload, refPayload, refsPayload, tagPayload } from './github-payloads.ts'

const bySha = 'GET /repos/{owner}/{repo}/git/tags/{tag_sha}'

/** Versions as annotated tags, through GitHub's git API. */
export function createGithubVersionTags(client: GithubClient): VersionTags {
  const readTag = async (sha: string, number: number): Promise<Version | undefined> => {
    const answer = await client.read(bySha, { tag_sha: sha })
    return answer === undefined ? undefined : decodeVersion(tagPayload.parse(answer.data), number)
  }

  const readNamed = async (solution: string, number: number): Promise<Version | undefined> => {
    const answer = await client.read('GET /repos/{owner}/{repo}/git/ref/{+ref}', {
      ref: `tags/${versionTag(solution, number)}`,
    })
    if (answer === undefined) return undefined
    const { object } = refPayload.parse(answer.data)
    return object.type === 'tag' ? await readTag(object.sha, number) : undefined
  }

  /** A version is never another one later on, so each is read once. That there is none may change at any moment. */
  const known = new Map<string, Promise<Version | undefined>>()
  const once = (name: string, read: () => Promise<Version | undefined>): Promise<Version | undefined> => {
    const version = known.get(name) ?? read()
    known.set(name, version)
    const forget = (): void => void known.delete(name)
    version.then(found => found ?? forget(), forget)
    return version
  }

  return {
    async *list(solution) {
      const answer = await client.read('GET /repos/{owner}/{repo}/git/matching-refs/{+ref}', {
        ref: `tags/ringway/${solution}/v`,
      })
      const numbered = refsPayload.parse(answer?.data ?? []).flatMap(ref => {
        const number = parseVersionName(ref.ref.slice(ref.ref.lastIndexOf('/') + 1))
        return number === undefined || ref.object.type !== 'tag' ? [] : [{ number, sha: ref.object.sha }]
      })
      for (const { number, sha } of numbered.toSorted((a, b) => b.number - a.number)) {
        const version = await once(versionTag(solution, number), () => readTag(sha, number))
        if (version !== undefined) yield version
      }
    },
    read: (solution, number) => once(versionTag(solution, number), () => readNamed(solution, number)),
    async create({ solution, version }) {
      const name = versionTag(solution, version.number)
      const tag = await client.change({
        route: 'POST /repos/{owner}/{repo}/git/tags',
        parameters: { tag: name, message: versionTagMessage(version), object: version.commit, type: 'commit' },
        decode: data => tagPayload.parse(data).sha,
      })
      return await client.change<'created' | 'taken' | 'refused_workflow'>({
        route: 'POST /repos/{owner}/{repo}/git/refs',
        parameters: { ref: `refs/tags/${name}`, sha: tag },
        decode: () => 'created',
        answers: (status, message) => {
          if (/without [`']?workflows[`']? permission/i.test(message)) return 'refused_workflow'
          return status === 409 || (status === 422 && /already exists/i.test(message)) ? 'taken' : undefined
        },
      })
    },
    async defaultBranchHead() {
      const branch = await client.defaultBranch()
      const answer = await client.read('GET /repos/{owner}/{repo}/branches/{branch}', { branch })
      return branchPayload.parse(answer?.data).commit.sha
    },
  }
}

function decodeVersion(
  tag: { message: string; object: { type: string; sha: string } },
  number: number,
): Version | undefined {
  const named = readVersionTagMessage(tag.message)
  if (named === undefined || tag.object.type !== 'commit') return undefined
  return { number, ...named, commit: commitSha(tag.object.sha) }
}
