import type * as z from 'zod'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { GithubClient } from './github-client.ts'
import { comparisonPayload } from './pull-request-payloads.ts'

const route = 'GET /repos/{owner}/{repo}/compare/{basehead}'

/**
 * How one commit or branch relates to another.
 *
 * @param range - `page`: of 100 commits each, oldest first; absent: the relation alone, with one commit at most
 * @returns undefined when GitHub does not know one of them, or they have no common ancestor
 */
export async function compareCommits(
  client: GithubClient,
  range: { readonly base: string; readonly head: string; readonly page?: number },
): Promise<z.infer<typeof comparisonPayload> | undefined> {
  const { base, head, page } = range
  const paging = page === undefined ? { per_page: 1 } : { per_page: 100, page }
  try {
    const answer = await client.read(route, { basehead: `${base}...${head}`, ...paging })
    return answer === undefined ? undefined : comparisonPayload.parse(answer.data)
  } catch (error) {
    // GitHub answers 422 to the full id of a commit that it has not.
    if (error instanceof RingwayError && error.facts['status'] === 422) return undefined
    throw error
  }
}
