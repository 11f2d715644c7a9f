import * as z from 'zod'
import type { CommitStatuses, NewCommitStatus } from '../../ports/commit-statuses.ts'
import type { AppIdentity } from './github-app.ts'
import { type GithubClient, pages } from './github-client.ts'
import { account } from './payload-parts.ts'

const listRoute = 'GET /repos/{owner}/{repo}/commits/{ref}/statuses'

const statusesPayload = z.array(
  z.object({
    context: z.string(),
    state: z.string(),
    description: z.string().nullable(),
    target_url: z.string().nullable(),
    creator: account,
  }),
)

/** GitHub's limit, in characters. */
const mostDescription = 140

/** Commit statuses, through GitHub's REST API. */
export function createGithubCommitStatuses(client: GithubClient, app: AppIdentity): CommitStatuses {
  /** Whether the newest of the context says this already, and it is ours: anybody who may push can post one. */
  const isThere = async (wanted: NewCommitStatus, description: string): Promise<boolean> => {
    for await (const page of pages(client, listRoute, { ref: wanted.commit })) {
      const newest = statusesPayload.parse(page).find(status => status.context === wanted.context)
      if (newest === undefined) continue
      const isSame = newest.state === wanted.state && newest.description === description
      return isSame && (newest.target_url ?? '') === (wanted.url ?? '') && newest.creator?.login === app.login
    }
    return false
  }

  return {
    async post(status) {
      const description = cutDescription(status.description)
      if (status.repeated === true && (await isThere(status, description))) return 'there'
      return await client.change<'posted'>({
        route: 'POST /repos/{owner}/{repo}/statuses/{sha}',
        parameters: {
          sha: status.commit,
          state: status.state,
          context: status.context,
          description,
          ...(status.url === undefined ? {} : { target_url: status.url }),
        },
        decode: () => 'posted',
        look: async () => ((await isThere(status, description)) ? 'posted' : undefined),
      })
    },
  }
}

function cutDescription(text: string): string {
  const characters = Array.from(text)
  return characters.length <= mostDescription ? text : `${characters.slice(0, mostDescription - 1).join('')}…`
}
