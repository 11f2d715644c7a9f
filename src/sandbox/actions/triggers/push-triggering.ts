import { z } from 'zod'
import { eventPayload } from '../../webhooks/payload.ts'
import type { World } from '../../world.ts'
import { toJson } from '../expression/json.ts'
import type { RepositoryEvent } from './repository-event.ts'
import type { Triggering } from './triggering.ts'

const pushBody = z.object({ ref: z.string(), before: z.string(), after: z.string(), deleted: z.boolean() })

// GitHub's words in a commit message that keep a push from starting runs.
const SKIP = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/

export async function pushTriggering(world: World, event: RepositoryEvent): Promise<Triggering | undefined> {
  const push = pushBody.parse(event.body)
  const { git } = event.repository
  const sha = push.deleted ? undefined : await git.resolve(`${push.after}^{commit}`)
  if (sha === undefined) return undefined
  const { message } = await git.commit(sha)
  if (SKIP.test(message)) return undefined
  const branch = /^refs\/heads\/(.+)$/.exec(push.ref)?.[1]
  const tag = /^refs\/tags\/(.+)$/.exec(push.ref)?.[1]
  return {
    facts: { event: 'push', branch, tag, changedPaths: () => changedPaths(event, push.before, sha) },
    title: message.split('\n')[0] ?? '',
    trigger: {
      event: 'push',
      payload: toJson(eventPayload(world, event)),
      ref: push.ref,
      sha,
      headSha: sha,
      headBranch: branch ?? tag ?? null,
      actor: event.sender,
      inputs: {},
      pull: undefined,
    },
  }
}

/** Paths between the two ends of the push; of a new branch, all of its files. */
async function changedPaths(
  { repository }: RepositoryEvent,
  before: string,
  after: string,
): Promise<readonly string[]> {
  const isNew = /^0+$/.test(before) || (await repository.git.resolve(`${before}^{commit}`)) === undefined
  const args = isNew ? ['ls-tree', '-r', '-z', '--name-only', after] : ['diff', '--name-only', '-z', before, after]
  return (await repository.git.text(args)).split('\0').filter(path => path !== '')
}
