import { z } from 'zod'
import { ApiError, notFound } from '../../api/api-error.ts'
import { eventPayload } from '../../webhooks/payload.ts'
import type { Account } from '../../world/account.ts'
import type { Repository } from '../../world/repository.ts'
import { toJson } from '../expression/json.ts'
import type { ActionsRuntime } from '../runs/actions-runtime.ts'
import type { NewRun } from '../runs/create-run.ts'
import { readDispatchInputs } from '../workflow/dispatch-inputs.ts'
import type { RepositoryEvent } from './repository-event.ts'
import type { WorkflowFiles } from './workflow-files.ts'

export const dispatchBody = z.object({
  ref: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  return_run_details: z.boolean().default(false),
})

export interface DispatchRequest {
  readonly repository: Repository
  /** The workflow's path. */
  readonly path: string
  readonly ref: string
  readonly inputs: Readonly<Record<string, unknown>>
  readonly sender: Account
  readonly byJobToken: boolean
}

// What GitHub takes at most.
const MAX_INPUTS = 25

/**
 * The run that a `workflow_dispatch` asks for, and the event to tell the world.
 *
 * @throws {ApiError} 422 as GitHub answers it: no such ref, no such trigger, inputs that do not fit
 */
export async function dispatchedRun(
  { world }: ActionsRuntime,
  files: WorkflowFiles,
  request: DispatchRequest,
): Promise<{ readonly run: NewRun; readonly event: RepositoryEvent }> {
  const { repository, sender } = request
  if (Object.keys(request.inputs).length > MAX_INPUTS)
    throw new ApiError(422, `you may only define up to ${MAX_INPUTS} \`inputs\` for a \`workflow_dispatch\` event`)
  const at = await branchOrTag(repository, request.ref)
  const file = (await files.at(repository, at.sha)).find(({ path }) => path === request.path)
  if (file === undefined) throw notFound()
  const inputs = readDispatchInputs(file, request.inputs)
  if (inputs.kind === 'refused') throw new ApiError(422, inputs.message)

  const event: RepositoryEvent = {
    name: 'workflow_dispatch',
    action: null,
    repository,
    sender,
    byJobToken: request.byJobToken,
    body: { inputs: inputs.texts, ref: at.ref, workflow: file.path },
  }
  const run: NewRun = {
    repository,
    file,
    title: file.name,
    trigger: {
      event: 'workflow_dispatch',
      payload: toJson(eventPayload(world, event)),
      ref: at.ref,
      sha: at.sha,
      headSha: at.sha,
      headBranch: at.name,
      actor: sender,
      inputs: inputs.values,
      pull: undefined,
    },
  }
  return { run, event }
}

async function branchOrTag(
  { git }: Repository,
  ref: string,
): Promise<{ readonly ref: string; readonly name: string; readonly sha: string }> {
  const name = ref.replace(/^refs\/(heads|tags)\//, '')
  const candidates = ref.startsWith('refs/') ? [ref] : [`refs/heads/${name}`, `refs/tags/${name}`]
  for (const candidate of candidates) {
    const sha = await git.commitOf(candidate)
    if (sha !== undefined) return { ref: candidate, name, sha }
  }
  throw new ApiError(422, `No ref found for: ${ref}`)
}
