import * as z from 'zod'
import type { EnvironmentReview, HeldRun, ProtectionRules, WaitingRun } from '../../ports/protection-rules.ts'
import type { RunRecord } from '../../ports/run-records.ts'
import { cutText } from './cut-text.ts'
import type { AppIdentity } from './github-app.ts'
import { type GithubClient, pages } from './github-client.ts'
import { account } from './payload-parts.ts'
import { runRecordPayload } from './run-payloads.ts'

// The address in a webhook's payload is never used: a token sent there would be whoever's wrote it.
const runRoute = '/repos/{owner}/{repo}/actions/runs/{run_id}'
const sayRoute = `POST ${runRoute}/deployment_protection_rule`

const waitingPayload = z.object({ workflow_runs: z.array(runRecordPayload) })
const pendingPayload = z.array(
  z.object({ environment: z.object({ name: z.string() }), wait_timer: z.number(), reviewers: z.array(z.unknown()) }),
)
const historyPayload = z.array(
  z.object({
    environments: z.array(z.object({ name: z.string() })),
    state: z.enum(['approved', 'rejected', 'pending']),
    user: account,
    comment: z.string(),
  }),
)

/** Characters that GitHub takes of a comment. */
const mostComment = 1_024

/** Custom deployment protection rules, through GitHub's REST API. */
export function createGithubProtectionRules(client: GithubClient, app: AppIdentity): ProtectionRules {
  const history = async (run: number): Promise<readonly EnvironmentReview[]> => {
    const answer = await client.read(`GET ${runRoute}/approvals`, { run_id: run })
    return historyPayload.parse(answer?.data ?? []).map(({ environments, state, user, comment }) => ({
      environments: environments.map(({ name }) => name),
      state,
      account: user,
      comment,
    }))
  }
  const hasReported = async ({ run, environment }: HeldRun, comment: string): Promise<boolean> =>
    (await history(run)).some(
      review =>
        review.comment === comment && review.account?.login === app.login && review.environments.includes(environment),
    )

  return {
    history,
    async decide({ run, environment }, { verdict, comment }) {
      return await client.change<'decided' | 'already_decided'>({
        route: sayRoute,
        parameters: {
          run_id: run,
          environment_name: environment,
          state: verdict,
          comment: cutText(comment, mostComment),
        },
        decode: () => 'decided',
        answers: status => (status === 422 ? 'already_decided' : undefined),
      })
    },
    async report(held, comment) {
      const words = cutText(comment, mostComment)
      return await client.change<'reported' | 'refused'>({
        route: sayRoute,
        parameters: { run_id: held.run, environment_name: held.environment, comment: words },
        decode: () => 'reported',
        answers: status => (status === 422 ? 'refused' : undefined),
        look: async () => ((await hasReported(held, words)) ? 'reported' : undefined),
      })
    },
    async *waiting() {
      const query = { status: 'waiting' }
      for await (const page of pages(client, 'GET /repos/{owner}/{repo}/actions/runs', query)) {
        for (const run of waitingPayload.parse(page).workflow_runs) yield await withEnvironments(client, run)
      }
    },
  }
}

async function withEnvironments(client: GithubClient, run: RunRecord): Promise<WaitingRun> {
  const answer = await client.read(`GET ${runRoute}/pending_deployments`, { run_id: run.id })
  const environments = pendingPayload.parse(answer?.data ?? []).map(({ environment, wait_timer, reviewers }) => ({
    name: environment.name,
    waitTimer: wait_timer,
    hasReviewers: reviewers.length > 0,
  }))
  return { run, environments }
}
