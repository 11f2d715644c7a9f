import type { RunRecords } from '../../ports/run-records.ts'
import type { GithubClient } from './github-client.ts'
import { runRecordPayload } from './run-payloads.ts'

const route = '/repos/{owner}/{repo}/actions/runs/{run_id}'

/** Runs of GitHub Actions, through its REST API. */
export function createGithubRunRecords(client: GithubClient): RunRecords {
  return {
    async read(id) {
      const answer = await client.read(`GET ${route}`, { run_id: id })
      return answer === undefined ? undefined : runRecordPayload.parse(answer.data)
    },
    async cancel(id) {
      return await client.change<'cancelled' | 'ended'>({
        route: `POST ${route}/cancel`,
        parameters: { run_id: id },
        decode: () => 'cancelled',
        answers: status => (status === 409 || status === 404 ? 'ended' : undefined),
      })
    },
  }
}
