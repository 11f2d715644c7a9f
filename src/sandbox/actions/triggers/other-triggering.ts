import { z } from 'zod'
import { eventPayload } from '../../webhooks/payload.ts'
import type { World } from '../../world.ts'
import { toJson } from '../expression/json.ts'
import { HEARD_EVENTS } from '../workflow/unheard-events.ts'
import type { RepositoryEvent } from './repository-event.ts'
import type { Triggering } from './triggering.ts'

// Started in their own ways: by name, and at other commits.
const NOT_HERE = new Set(['push', 'pull_request', 'workflow_dispatch'])

const deploymentBody = z.object({ deployment: z.object({ sha: z.string(), ref: z.string() }) })

/**
 * All events besides pushes and pull requests. A deployment runs the workflow file of the deployed commit; the others
 * run the default branch's.
 */
export async function otherTriggering(world: World, event: RepositoryEvent): Promise<Triggering | undefined> {
  const isDeployment = event.name === 'deployment' || event.name === 'deployment_status'
  if (!HEARD_EVENTS.has(event.name) || NOT_HERE.has(event.name)) return undefined
  const at = isDeployment ? deployedCommit(event) : await defaultCommit(event)
  if (at === undefined) return undefined
  return {
    facts: { event: event.name, action: event.action ?? undefined },
    title: event.name,
    trigger: {
      event: event.name,
      payload: toJson(eventPayload(world, event)),
      ref: at.ref,
      sha: at.sha,
      headSha: at.sha,
      headBranch: at.branch,
      actor: event.sender,
      inputs: {},
      pull: undefined,
    },
  }
}

interface CommitAt {
  readonly sha: string
  readonly ref: string
  readonly branch: string | null
}

function deployedCommit(event: RepositoryEvent): CommitAt {
  const { sha, ref } = deploymentBody.parse(event.body).deployment
  // A deployment that was created with a commit names no ref.
  if (ref === sha) return { sha, ref: '', branch: null }
  return { sha, ref: ref.startsWith('refs/') ? ref : `refs/heads/${ref}`, branch: ref.replace(/^refs\/heads\//, '') }
}

async function defaultCommit({ repository }: RepositoryEvent): Promise<CommitAt | undefined> {
  const branch = repository.defaultBranch
  const ref = `refs/heads/${branch}`
  const sha = await repository.git.commitOf(ref)
  return sha === undefined ? undefined : { sha, ref, branch }
}
