import * as z from 'zod'
import type { EpochMs } from '../../domain/units.ts'
import type { Comment, Conversation, StickyComment } from '../../ports/conversation.ts'
import { cutText } from './cut-text.ts'
import { type GithubClient, pages } from './github-client.ts'
import { account, instant } from './payload-parts.ts'

const oneRoute = '/repos/{owner}/{repo}/issues/comments/{comment_id}'
const routes = {
  read: `GET ${oneRoute}`,
  edit: `PATCH ${oneRoute}`,
  react: `POST ${oneRoute}/reactions`,
  list: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  write: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  all: 'GET /repos/{owner}/{repo}/issues/comments',
} as const

const commentPayload = z.object({
  id: z.number(),
  issue_url: z.string(),
  user: account,
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
  // GitHub leaves it out where a body of another kind was asked for.
  body: z.string().nullish(),
  created_at: instant,
  updated_at: instant,
})

/** GitHub takes 65,536 characters. */
const mostBody = 65_535

/**
 * Comments and reactions, through GitHub's REST API.
 *
 * @param appId - ours: what somebody else wrote with our marker in it is not ours
 */
export function createGithubConversation(client: GithubClient, appId: number): Conversation {
  const isOwn = (comment: Comment, { issue, key }: StickyComment): boolean =>
    comment.app === appId && comment.issue === issue && comment.body.startsWith(markerOf(key))

  const read = async (id: number): Promise<Comment | undefined> => {
    const answer = await client.read(routes.read, { comment_id: id })
    return answer === undefined ? undefined : decodeComment(answer.data)
  }

  const find = async (sticky: StickyComment): Promise<Comment | undefined> => {
    for await (const page of pages(client, routes.list, { issue_number: sticky.issue })) {
      const own = decodeComments(page).find(comment => isOwn(comment, sticky))
      if (own !== undefined) return own
    }
    return undefined
  }

  return {
    read,
    async react(comment, reaction) {
      return await client.change<'reacted' | 'gone'>({
        route: routes.react,
        parameters: { comment_id: comment, content: reaction },
        decode: () => 'reacted',
        answers: status => (status === 404 ? 'gone' : undefined),
      })
    },
    async show(sticky) {
      const body = cutText(`${markerOf(sticky.key)}\n${sticky.body}`, mostBody, '\n\n…')
      const known = sticky.known === undefined ? 'gone' : await editComment(client, sticky.known, body)
      if (known !== 'gone') return known
      const there = await find(sticky)
      if (there?.body === body) return there.id
      const edited = there === undefined ? 'gone' : await editComment(client, there.id, body)
      if (edited !== 'gone') return edited
      return await client.change({
        route: routes.write,
        parameters: { issue_number: sticky.issue, body },
        decode: data => decodeComment(data).id,
        look: async () => (await find(sticky))?.id,
      })
    },
    since: from => changedSince(client, from),
  }
}

/** Pages shift when a comment is edited while they are read: so each further question begins where the last answer ended. */
async function* changedSince(client: GithubClient, from: EpochMs): AsyncGenerator<Comment> {
  const told = new Set<string>()
  for (let [since, page] = [from, 1]; ; ) {
    const query = { since: new Date(since).toISOString(), sort: 'updated', direction: 'asc', per_page: 100, page }
    const answer = await client.read(routes.all, query)
    const comments = decodeComments(answer?.data)
    for (const comment of comments) {
      const version = `${comment.id} ${comment.updatedAt}`
      if (told.has(version)) continue
      told.add(version)
      yield comment
    }
    const last = comments.at(-1)
    if (last === undefined || answer?.next === undefined) return
    // A full page within one second leads no further by its instant.
    const isFurther = Math.trunc(last.updatedAt / 1_000) > Math.trunc(since / 1_000)
    page = isFurther ? 1 : page + 1
    if (isFurther) since = last.updatedAt
  }
}

async function editComment(client: GithubClient, id: number, body: string): Promise<number | 'gone'> {
  return await client.change<number | 'gone'>({
    route: routes.edit,
    parameters: { comment_id: id, body },
    decode: data => decodeComment(data).id,
    answers: status => (status === 404 ? 'gone' : undefined),
  })
}

/** Invisible on the page. */
function markerOf(key: string): string {
  if (!/^[\w./]+(?:-[\w./]+)*$/.test(key)) throw new RangeError(`"${key}" cannot stand in a hidden marker.`)
  return `<!-- ringway:${key} -->`
}

function decodeComments(data: unknown): Comment[] {
  return (Array.isArray(data) ? data : []).map(decodeComment)
}

function decodeComment(data: unknown): Comment {
  const comment = commentPayload.parse(data)
  return {
    id: comment.id,
    issue: Number(/\/issues\/([0-9]+)$/.exec(comment.issue_url)?.[1]),
    author: comment.user,
    app: comment.performed_via_github_app?.id,
    body: comment.body ?? '',
    createdAt: comment.created_at,
    updatedAt: comment.updated_at,
    isEdited: comment.updated_at > comment.created_at,
  }
}
