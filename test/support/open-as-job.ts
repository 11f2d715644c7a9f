import { deploymentPayload } from '../../src/domain/deployment-payload.ts'
import { isSha256Digest } from '../../src/domain/units.ts'
import { parseVersionName } from '../../src/domain/version.ts'
import { mintJobToken } from '../../src/sandbox/world/mint-token.ts'
import type { DispatchInputs, Workbench } from './workbench.ts'

/** What a job that dispatches a deployment says about it; each part can be made wrong. */
export interface OpenedByJob {
  readonly environment: string
  readonly artifact: string
  readonly ring?: string
  readonly digest?: string
  readonly task?: 'deploy' | 'rollback'
}

let opened = 0

/** Opens a Deployment as a job of Ringway does before it dispatches its run. @returns the inputs that the run gets */
export async function openAsJob(bench: Workbench, wanted: OpenedByJob): Promise<DispatchInputs> {
  const { sandbox, repository, alice } = bench
  const permissions = { deployments: 'write' } as const
  const expiresAt = new Date(sandbox.world.now().getTime() + 60_000)
  const job = { repository, permissions, runId: 1, jobId: 1, triggeredBy: alice, expiresAt }
  const { value: token } = mintJobToken(sandbox.world, job)
  const tag = await versionTag(bench, wanted.artifact)
  const digest = wanted.digest ?? tag.digest
  if (!isSha256Digest(digest)) throw new TypeError(`expected a digest, got ${digest}`)
  const promotion = `bench-${(opened += 1)}`
  const { environment, artifact, ring = environment, task = 'deploy' } = wanted
  const { status, body } = await bench.api(token, 'POST /deployments', {
    ref: tag.commit,
    task,
    environment,
    auto_merge: false,
    required_contexts: [],
    payload: deploymentPayload({
      promotion,
      solution: 'shop',
      ring,
      version: parseVersionName(artifact),
      digest,
      task,
      requestedBy: 'alice',
      parameters: {},
    }),
  })
  if (status !== 201) throw new Error(`the Deployment was answered ${status}`)
  const id = String(Reflect.get(Object(body), 'id'))
  const queued = { state: 'queued', description: `queued: ${artifact} · asked for`, auto_inactive: false }
  const said = await bench.api(token, `POST /deployments/${id}/statuses`, queued)
  if (said.status !== 201) throw new Error(`the status was answered ${said.status}`)
  return { environment, artifact, promotion, deployment: id }
}

/** What the tag of a version of `shop` names. */
export async function versionTag(bench: Workbench, version: string): Promise<{ commit: string; digest: string }> {
  await bench.git('fetch', '--quiet', '--tags', 'origin')
  const message = await bench.git('cat-file', 'tag', `ringway/shop/${version}`)
  const commit = /^object (\w+)$/m.exec(message)?.[1]
  const digest = /^artifact (\S+)$/m.exec(message)?.[1]
  if (commit === undefined || digest === undefined) throw new Error(`no tag of a version:\n${message}`)
  return { commit, digest }
}
