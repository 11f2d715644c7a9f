import { z } from 'zod'
import { react } from '../issues/react.ts'
import { REACTIONS, type Reaction } from '../world/issue.ts'
import type { Issue } from '../world/repository.ts'
import type { World } from '../world.ts'
import { accountOf } from './actor.ts'
import { found, notFound } from './api-error.ts'
import { commentIn, demandIssue, issueIn } from './issues.ts'
import { pageOf } from './page.ts'
import { presentReaction } from './present/reaction.ts'
import { noContent, type Reply, type RepositoryCall } from './route.ts'
import type { RoutePlugin } from './server.ts'

const newReaction = z.object({ content: z.enum(REACTIONS) })

interface Reacted {
  readonly issue: Issue
  readonly reactions: Reaction[]
}

const PLACES: readonly { readonly path: string; readonly of: (call: RepositoryCall) => Reacted }[] = [
  {
    path: '/repos/{owner}/{repo}/issues/{issue_number}/reactions',
    of: call => {
      const issue = issueIn(call, 'read')
      return { issue, reactions: issue.reactions }
    },
  },
  {
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
    of: call => {
      const { issue, comment } = commentIn(call.repository, call.id('comment_id'))
      demandIssue(call, issue, 'read')
      return { issue, reactions: comment.reactions }
    },
  },
]

export const reactionRoutes: RoutePlugin = (server, { world }) => {
  for (const { path, of } of PLACES) {
    server.repositoryRoute({
      method: 'GET',
      path,
      needs: { metadata: 'read' },
      handle: call => {
        const content = call.query('content')
        const all = of(call).reactions.filter(each => content === undefined || each.content === content)
        return pageOf(call, { all, present: reaction => presentReaction(world, reaction) })
      },
    })
    server.repositoryRoute({
      method: 'POST',
      path,
      needs: { metadata: 'read' },
      handle: call => addReaction(world, call, of(call)),
    })
    server.repositoryRoute({
      method: 'DELETE',
      path: `${path}/{reaction_id}`,
      needs: { metadata: 'read' },
      handle: call => {
        const { issue, reactions } = of(call)
        demandIssue(call, issue, 'write')
        const id = call.id('reaction_id')
        const reaction = found(reactions.find(each => each.id === id))
        if (reaction.user.id !== accountOf(call.actor).id) throw notFound()
        reactions.splice(reactions.indexOf(reaction), 1)
        return noContent()
      },
    })
  }
}

/** 201 for a new reaction, 200 for one that was there. */
function addReaction(world: World, call: RepositoryCall, { issue, reactions }: Reacted): Reply {
  demandIssue(call, issue, 'write')
  const { content } = call.read(newReaction)
  const { reaction, isNew } = react(world, { reactions, content, user: accountOf(call.actor) })
  return { status: isNew ? 201 : 200, body: presentReaction(world, reaction) }
}
