import { RingwayError } from '../../domain/ringway-error.ts'
import type { Repository } from '../../ports/repository.ts'
import type { GithubClient } from './github-client.ts'
import { branchPayload, contentPayload, repositoryPayload } from './github-payloads.ts'

const contentRoute = 'GET /repos/{owner}/{repo}/contents/{+path}'

/** The repository, read through GitHub's API. */
export function createGithubRepository(client: GithubClient): Repository {
  const fullName = `${client.owner}/${client.repo}`
  return {
    fullName,
    async defaultBranch() {
      const repository = await client.read('GET /repos/{owner}/{repo}')
      if (repository === undefined) throw notFound(fullName)
      const { default_branch: name } = repositoryPayload.parse(repository.data)
      const branch = await client.read('GET /repos/{owner}/{repo}/branches/{branch}', { branch: name })
      if (branch === undefined) throw notFound(`branch ${name} of ${fullName}`)
      return { name, head: branchPayload.parse(branch.data).commit.sha }
    },
    async readText({ path, ref }) {
      const answer = await client.read(contentRoute, { path, ...(ref === undefined ? {} : { ref }) })
      return answer === undefined ? undefined : decodeText(answer.data)
    },
    async readOrganisationText(path) {
      const answer = await client.read(contentRoute, { repo: '.github', path })
      return answer === undefined ? undefined : decodeText(answer.data)
    },
  }
}

function decodeText(data: unknown): string {
  const { content } = contentPayload.parse(data)
  return Buffer.from(content, 'base64').toString('utf8')
}

function notFound(what: string): RingwayError {
  return new RingwayError({
    code: 'github_denied',
    message: `GitHub shows no ${what} to this token.`,
    remedy: 'Check the repository name, and that the job has `contents: read`.',
  })
}
