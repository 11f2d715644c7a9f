import type { CheckAnnotation, CheckRun, CheckSuite } from '../../world/check.ts'
import type { Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import { presentApp } from './github-app.ts'
import { nodeId } from './node-id.ts'
import { isPull, type PullIssue, pullUrl } from './pull-request.ts'
import { presentMinimalRepository, repositoryPage, repositoryUrl } from './repository.ts'

function checkRunUrl(world: World, repository: Repository, run: CheckRun): string {
  return `${repositoryUrl(world, repository)}/check-runs/${run.id}`
}

/** GitHub's `check-run`. */
export function presentCheckRun(world: World, repository: Repository, run: CheckRun): Record<string, unknown> {
  const url = checkRunUrl(world, repository, run)
  const page = `${repositoryPage(world, repository)}/runs/${run.id}`
  return {
    id: run.id,
    node_id: nodeId('CR', run.id),
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl === '' ? page : run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.output.title,
      summary: run.output.summary,
      text: run.output.text,
      annotations_count: run.output.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite.id },
    app: presentApp(world, run.app),
    pull_requests: presentPullsAt(world, repository, run.headSha),
  }
}

/** The check run as webhooks carry it: with its whole suite, and a start even where none was given. */
export function presentCheckRunEvent(world: World, repository: Repository, run: CheckRun): Record<string, unknown> {
  return {
    ...presentCheckRun(world, repository, run),
    started_at: run.startedAt ?? world.now(),
    check_suite: presentSuiteEvent(world, repository, run.suite),
  }
}

/** GitHub's minimal pull requests with this head; forks are left out, as on GitHub. */
function presentPullsAt(world: World, repository: Repository, sha: string): Record<string, unknown>[] {
  return [...repository.issues.values()]
    .filter(isPull)
    .filter(({ pull, state }) => state === 'open' && pull.headSha === sha && pull.headRepository === repository)
    .map(issue => presentMinimalPull(world, issue))
}

function presentMinimalPull(world: World, issue: PullIssue): Record<string, unknown> {
  const { pull, repository } = issue
  const repo = { id: repository.id, url: repositoryUrl(world, repository), name: repository.name }
  return {
    id: pull.id,
    number: issue.number,
    url: pullUrl(world, issue),
    head: { ref: pull.headRef, sha: pull.headSha, repo },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo },
  }
}

/** A suite is as far as the least finished of its runs, and as bad as the worst. */
function suiteState(
  repository: Repository,
  suite: CheckSuite,
): { status: CheckRun['status']; conclusion: CheckRun['conclusion']; runs: readonly CheckRun[] } {
  const runs = repository.checkRuns.filter(run => run.suite === suite)
  if (runs.length === 0) return { status: 'queued', conclusion: null, runs }
  if (runs.some(run => run.status !== 'completed')) {
    return { status: runs.some(run => run.status === 'in_progress') ? 'in_progress' : 'queued', conclusion: null, runs }
  }
  const worst = (['failure', 'timed_out', 'cancelled', 'action_required'] as const).find(each =>
    runs.some(run => run.conclusion === each),
  )
  return { status: 'completed', conclusion: worst ?? 'success', runs }
}

function presentSuiteEvent(world: World, repository: Repository, suite: CheckSuite): Record<string, unknown> {
  const { status, conclusion } = suiteState(repository, suite)
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status,
    conclusion,
    url: `${repositoryUrl(world, repository)}/check-suites/${suite.id}`,
    before: null,
    after: suite.headSha,
    pull_requests: presentPullsAt(world, repository, suite.headSha),
    app: presentApp(world, suite.app),
    repository: presentMinimalRepository(world, repository),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
  }
}

/** GitHub's `check-suite`. */
export async function presentCheckSuite(
  world: World,
  repository: Repository,
  suite: CheckSuite,
): Promise<Record<string, unknown>> {
  const { tree, message, author, committer } = await repository.git.commit(suite.headSha)
  const timestamp = committer.date
  return {
    ...presentSuiteEvent(world, repository, suite),
    latest_check_runs_count: suiteState(repository, suite).runs.length,
    check_runs_url: `${repositoryUrl(world, repository)}/check-suites/${suite.id}/check-runs`,
    head_commit: {
      id: suite.headSha,
      tree_id: tree,
      message,
      timestamp,
      author: { name: author.name, email: author.email },
      committer: { name: committer.name, email: committer.email },
    },
  }
}

export function presentAnnotation(
  world: World,
  repository: Repository,
  { annotation, sha }: { annotation: CheckAnnotation; sha: string },
): Record<string, unknown> {
  return {
    path: annotation.path,
    blob_href: `${repositoryUrl(world, repository)}/contents/${encodeURI(annotation.path)}?ref=${sha}`,
    start_line: annotation.startLine,
    end_line: annotation.endLine,
    start_column: annotation.startColumn,
    end_column: annotation.endColumn,
    annotation_level: annotation.level,
    title: annotation.title,
    message: annotation.message,
    raw_details: annotation.rawDetails,
  }
}
