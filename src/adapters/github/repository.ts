import type { Repository } from '../../ports/repository.ts'
import type { GithubClient } from './github-client.ts'
import { oncePerKey } from './once-per-key.ts'

const contentRoute = 'GET /repos/{owner}/{repo}/contents/{+path}'

/** The repository, read through GitHub's API: each file once, because everything that one run decides stands on the same text. */
export function createGithubRepository(client: GithubClient): Repository {
  const readOnce = oncePerKey((parameters: Record<string, string>) => readFile(client, parameters))
  return {
    fullName: `${client.owner}/${client.repo}`,
    defaultBranch: () => client.defaultBranch(),
    readText: ({ path, ref }) => readOnce({ path, ...(ref === undefined ? {} : { ref }) }),
    readOrganisationText: path => readOnce({ repo: '.github', path }),
  }
}

async function readFile(client: GithubClient, parameters: Record<string, string>): Promise<string | undefined> {
  const answer = await client.read(contentRoute, parameters)
  if (answer === undefined) return undefined
  // Decoders are not needed before there is an answer, and load while it is on its way.
  const { contentPayload } = await import('./github-payloads.ts')
  const { content } = contentPayload.parse(answer.data)
  return Buffer.from(content, 'base64').toString('utf8')
}
