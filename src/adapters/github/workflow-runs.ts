import { RingwayError } from '../../domain/ringway-error.ts'
import type { DurationMs } from '../../domain/units.ts'
import { durationMs } from '../../domain/units.ts'
import type { Dispatch, WorkflowRun, WorkflowRuns } from '../../ports/workflow-runs.ts'
import type { GithubClient } from './github-client.ts'
import { dispatchPayload, runPayload, runsPayload } from './github-payloads.ts'

const dispatchRoute = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches'
const runsRoute = 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs'

/** Runs of GitHub Actions, through its REST API. */
export function createGithubWorkflowRuns(
  client: GithubClient,
  sleep: (duration: DurationMs) => Promise<void>,
): WorkflowRuns {
  /** The promotion's id stands at the end of `run-name`. */
  const findByName = async (dispatch: Dispatch): Promise<WorkflowRun | undefined> => {
    const page = await client.read(runsRoute, {
      workflow_id: dispatch.workflow,
      event: 'workflow_dispatch',
      per_page: 30,
    })
    const found = runsPayload
      .parse(page?.data ?? { workflow_runs: [] })
      .workflow_runs.find(run => run.display_title.endsWith(` ${dispatch.promotion}`))
    return found && { id: found.id, url: found.html_url, completed: found.status === 'completed' }
  }

  const send = (dispatch: Dispatch, details: boolean): Promise<WorkflowRun | 'accepted' | 'old_server'> =>
    client.change<WorkflowRun | 'accepted' | 'old_server'>({
      route: dispatchRoute,
      parameters: {
        workflow_id: dispatch.workflow,
        ref: dispatch.branch,
        inputs: dispatchInputs(dispatch),
        ...(details ? { return_run_details: true } : {}),
      },
      decode: decodeDispatch,
      look: () => findByName(dispatch),
      // GitHub Enterprise Server up to 3.20 answers 400 to the field that it does not know.
      answers: status => (details && status === 400 ? 'old_server' : undefined),
    })

  return {
    async dispatch(dispatch) {
      const earlier = dispatch.repeated === true ? await findByName(dispatch) : undefined
      if (earlier !== undefined) return earlier
      const first = await send(dispatch, true)
      const answer = first === 'old_server' ? await send(dispatch, false) : first
      if (typeof answer === 'object') return answer
      for (let attempt = 0; attempt < 10; attempt += 1) {
        const run = await findByName(dispatch)
        if (run !== undefined) return run
        await sleep(durationMs(1_000))
      }
      throw new RingwayError({
        code: 'github_unreachable',
        kind: 'errored',
        message: `GitHub accepted the run of ${dispatch.workflow} for ${dispatch.environment}, and shows none named after promotion ${dispatch.promotion}.`,
        remedy: `Check that \`run-name\` of ${dispatch.workflow} ends with the promotion, as the README shows it.`,
      })
    },
    async startedFor(workflow, commit) {
      const page = await client.read(runsRoute, { workflow_id: workflow, head_sha: commit, per_page: 100 })
      return runsPayload.parse(page?.data ?? { workflow_runs: [] }).workflow_runs.map(run => run.id)
    },
    async read(id) {
      const answer = await client.read('GET /repos/{owner}/{repo}/actions/runs/{run_id}', { run_id: id })
      if (answer === undefined) return undefined
      const run = runPayload.parse(answer.data)
      return { id: run.id, url: run.html_url, completed: run.status === 'completed' }
    },
  }
}

function dispatchInputs(dispatch: Dispatch): Record<string, string> {
  return {
    command: dispatch.command,
    environment: dispatch.environment,
    artifact: dispatch.artifact,
    deployment: dispatch.deployment === undefined ? '' : String(dispatch.deployment),
    promotion: dispatch.promotion,
  }
}

/** 200 with details; 204 without, from a server that ignores the wish for them. */
function decodeDispatch(data: unknown): WorkflowRun | 'accepted' {
  const details = dispatchPayload.safeParse(data)
  return details.success
    ? { id: details.data.workflow_run_id, url: details.data.html_url, completed: false }
    : 'accepted'
}
