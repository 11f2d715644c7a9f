import type { CommitCheck, CommitChecks } from '../../ports/commit-checks.ts'
import { type GithubClient, pages } from './github-client.ts'
import { branchPayload, checkRunsPayload, combinedStatusPayload, rulesPayload } from './github-payloads.ts'

/** Check runs and commit statuses, through GitHub's REST API. */
export function createGithubCommitChecks(client: GithubClient): CommitChecks {
  return {
    async list(commit) {
      const [runs, statuses] = await Promise.all([checkRuns(client, commit), commitStatuses(client, commit)])
      return [...runs, ...statuses]
    },
    async required() {
      const branch = await client.defaultBranch()
      const [protectedBy, ruledBy] = await Promise.all([
        client.read('GET /repos/{owner}/{repo}/branches/{branch}', { branch }),
        client.read('GET /repos/{owner}/{repo}/rules/branches/{branch}', { branch, per_page: 100 }),
      ])
      const contexts = branchPayload.parse(protectedBy?.data).protection?.required_status_checks?.contexts ?? []
      const rules = rulesPayload.parse(ruledBy?.data ?? [])
      const ruled = rules.flatMap(rule => rule.parameters?.required_status_checks ?? []).map(check => check.context)
      return [...new Set([...contexts, ...ruled])]
    },
  }
}

async function checkRuns(client: GithubClient, commit: string): Promise<CommitCheck[]> {
  const found: CommitCheck[] = []
  const route = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs'
  for await (const page of pages(client, route, { ref: commit, filter: 'latest' })) {
    for (const run of checkRunsPayload.parse(page).check_runs) {
      found.push({
        name: run.name,
        source: 'check_run',
        outcome: checkOutcome(run.status, run.conclusion),
        app: run.app?.slug,
        runId: runIdIn(run.details_url ?? undefined),
      })
    }
  }
  return found
}

async function commitStatuses(client: GithubClient, commit: string): Promise<CommitCheck[]> {
  const found: CommitCheck[] = []
  const route = 'GET /repos/{owner}/{repo}/commits/{ref}/status'
  for await (const page of pages(client, route, { ref: commit })) {
    for (const status of combinedStatusPayload.parse(page).statuses) {
      const outcome = status.state === 'success' ? 'passed' : status.state === 'pending' ? 'pending' : 'failed'
      found.push({ name: status.context, source: 'status', outcome, app: undefined, runId: undefined })
    }
  }
  return found
}

function checkOutcome(status: string, conclusion: string | null): CommitCheck['outcome'] {
  if (status !== 'completed' || conclusion === null) return 'pending'
  return ['success', 'neutral', 'skipped'].includes(conclusion) ? 'passed' : 'failed'
}

/** The workflow run in `…/actions/runs/<id>/job/<id>`. */
function runIdIn(url: string | undefined): number | undefined {
  const digits = url === undefined ? undefined : /\/actions\/runs\/([0-9]+)(?:\/|$)/.exec(url)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
