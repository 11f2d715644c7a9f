import type { Deployments, NewDeployment, RecordedDeployment } from '../../ports/deployments.ts'
import { type GithubClient, pages } from './github-client.ts'
import { deploymentPayload, deploymentStatusPayload } from './github-payloads.ts'

const routes = {
  list: 'GET /repos/{owner}/{repo}/deployments',
  read: 'GET /repos/{owner}/{repo}/deployments/{deployment_id}',
  open: 'POST /repos/{owner}/{repo}/deployments',
  statuses: 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
  report: 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
} as const

/** GitHub Deployments, through its REST API. */
export function createGithubDeployments(client: GithubClient): Deployments {
  const withStatuses = async (data: unknown): Promise<RecordedDeployment> => {
    const deployment = decodeDeployment(data)
    return { ...deployment, statuses: await readStatuses(client, deployment.id) }
  }

  const find = async (wanted: NewDeployment): Promise<RecordedDeployment | undefined> => {
    const page = await client.read(routes.list, { environment: wanted.environment, sha: wanted.commit, per_page: 30 })
    const found = deploymentPayload
      .array()
      .parse(page?.data ?? [])
      .find(deployment => promotionOf(decodePayload(deployment.payload)) === wanted.payload.promotion)
    return found === undefined ? undefined : await read(found.id)
  }

  const read = async (id: number): Promise<RecordedDeployment | undefined> => {
    const answer = await client.read(routes.read, { deployment_id: id })
    return answer === undefined ? undefined : await withStatuses(answer.data)
  }

  return {
    read,
    async *list({ environments, commit, except, seen }) {
      const [only, ...others] = environments
      const filter = {
        ...(others.length > 0 ? {} : { environment: only }),
        ...(commit === undefined ? {} : { sha: commit }),
      }
      // A page holds what one decision needs nearly always; statuses cost one call each and are read when asked for.
      for await (const page of pages(client, routes.list, { ...filter, per_page: 30 })) {
        for (const data of Array.isArray(page) ? page : []) {
          const { id, environment } = deploymentPayload.parse(data)
          if (id === except || !environments.includes(environment)) continue
          yield seen?.get(id) ?? (await withStatuses(data))
        }
      }
    },
    async open(deployment) {
      const earlier = deployment.repeated === true ? await find(deployment) : undefined
      if (earlier !== undefined) return earlier
      return await client.change<RecordedDeployment>({
        route: routes.open,
        parameters: {
          ref: deployment.commit,
          task: deployment.task,
          environment: deployment.environment,
          description: deployment.description,
          payload: deployment.payload,
          production_environment: deployment.production,
          transient_environment: false,
          // GitHub's defaults would merge the default branch into the ref, and wait for every check of the commit.
          auto_merge: false,
          required_contexts: [],
        },
        decode: data => ({ ...decodeDeployment(data), statuses: [] }),
        look: () => find(deployment),
      })
    },
    async report(id, status) {
      // Anywhere among them: GitHub itself and other Apps may have said something since. States never come back, so one that is there is this one.
      const isThere = async (): Promise<true | undefined> => {
        const said = await readStatuses(client, id)
        return said.some(one => one.state === status.state && one.description === status.description) || undefined
      }
      if (status.repeated === true && (await isThere())) return
      await client.change({
        route: routes.report,
        parameters: {
          deployment_id: id,
          state: status.state,
          description: status.description,
          auto_inactive: false,
          ...(status.logUrl === undefined ? {} : { log_url: status.logUrl }),
          ...(status.environmentUrl === undefined ? {} : { environment_url: status.environmentUrl }),
        },
        decode: () => true,
        look: isThere,
      })
    },
  }
}

async function readStatuses(client: GithubClient, id: number): Promise<RecordedDeployment['statuses']> {
  const answer = await client.read(routes.statuses, { deployment_id: id, per_page: 100 })
  return deploymentStatusPayload
    .array()
    .parse(answer?.data ?? [])
    .map(status => ({
      state: status.state,
      description: status.description,
      creator: status.creator,
      createdAt: status.created_at,
      logUrl: status.log_url || undefined,
      environmentUrl: status.environment_url || undefined,
    }))
}

function decodeDeployment(data: unknown): Omit<RecordedDeployment, 'statuses'> {
  const { id, environment, sha, task, payload, creator, created_at } = deploymentPayload.parse(data)
  return { id, environment, commit: sha, task, payload: decodePayload(payload), creator, createdAt: created_at }
}

/** GitHub gives a payload back as an object or, from some clients, as JSON text. */
function decodePayload(payload: unknown): unknown {
  if (typeof payload !== 'string') return payload
  try {
    return JSON.parse(payload)
  } catch {
    return payload
  }
}

function promotionOf(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && 'promotion' in payload ? payload.promotion : undefined
}
