import type { Account } from '../../ports/deployments.ts'
import type { People } from '../../ports/people.ts'
import type { CommitFacts, PullRequests, ReviewDecision } from '../../ports/pull-requests.ts'
import { compareCommits } from './compare-commits.ts'
import { type GithubClient, pages } from './github-client.ts'
import { commitPayload, pullPayload, reviewsPayload } from './pull-request-payloads.ts'

const pullRoute = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'

/** GitHub lists no more commits of a pull request. */
const mostCommits = 250

/** Pull requests, through GitHub's REST API. */
export function createGithubPullRequests(client: GithubClient, people: People): PullRequests {
  return {
    async read(number) {
      const answer = await client.read(pullRoute, { pull_number: number })
      return answer === undefined ? undefined : pullPayload.parse(answer.data)
    },
    async reviews(number) {
      const standing = await standingReviews(client, number)
      const counted = await Promise.all(
        standing.map(async review => {
          const { permission } = await people.roleOf(review.person)
          return permission === 'write' || permission === 'admin' ? [review] : []
        }),
      )
      const reviews = counted.flat()
      const refused = reviews.some(review => review.verdict === 'changes_requested')
      return { decision: refused ? 'changes_requested' : reviews.length > 0 ? 'approved' : 'none', reviews }
    },
    async commits(number) {
      const commits: CommitFacts[] = []
      for await (const page of pages(client, `${pullRoute}/commits`, { pull_number: number })) {
        commits.push(...commitPayload.array().parse(page))
      }
      return { commits, isComplete: commits.length < mostCommits }
    },
    async behindBy(pull) {
      const compared = await compareCommits(client, { base: pull.base.branch, head: pull.head.commit })
      return compared?.behind_by ?? 0
    },
    async ofCommit(commit) {
      const route = 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls'
      const answer = await client.read(route, { commit_sha: commit, per_page: 100 })
      return pullPayload.array().parse(answer?.data ?? [])
    },
    label: (number, change) => label(client, number, change),
    between: range => readRange(client, range),
  }
}

const labelsRoute = '/repos/{owner}/{repo}/issues/{issue_number}/labels'

/** Only what differs is written: each write counts against GitHub's budget. GitHub compares labels without case. */
async function label(
  client: GithubClient,
  number: number,
  { add, remove }: Parameters<PullRequests['label']>[1],
): Promise<void> {
  const answer = await client.read(pullRoute, { pull_number: number })
  if (answer === undefined) return
  const present = new Map(pullPayload.parse(answer.data).labels.map(name => [name.toLowerCase(), name]))
  const missing = add.filter(name => !present.has(name.toLowerCase()))
  const kept = new Set(add.map(name => name.toLowerCase()))
  const gone = remove.flatMap(name => (kept.has(name.toLowerCase()) ? [] : (present.get(name.toLowerCase()) ?? [])))
  const issue = { issue_number: number }
  if (missing.length > 0) {
    await client.change({
      route: `POST ${labelsRoute}`,
      parameters: { ...issue, labels: missing },
      decode: () => undefined,
    })
  }
  for (const name of gone) {
    await client.change({
      route: `DELETE ${labelsRoute}/{name}`,
      parameters: { ...issue, name },
      decode: () => true,
      answers: status => (status === 404 ? true : undefined),
    })
  }
}

type Review = ReviewDecision['reviews'][number]

/** The newest review of each person that is more than a comment; one that was dismissed stands for nothing. */
async function standingReviews(client: GithubClient, number: number): Promise<readonly Review[]> {
  const newest = new Map<number, { person: Account; state: string; commit: Review['commit'] }>()
  for await (const page of pages(client, `${pullRoute}/reviews`, { pull_number: number })) {
    for (const { user, state, commit_id } of reviewsPayload.parse(page)) {
      if (user === undefined || !['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'].includes(state)) continue
      newest.set(user.id, { person: user, state, commit: commit_id ?? undefined })
    }
  }
  return [...newest.values()].flatMap(({ person, state, commit }) => {
    if (state === 'DISMISSED') return []
    return [{ person, commit, verdict: state === 'APPROVED' ? 'approved' : 'changes_requested' } as const]
  })
}

/** Commits that are shown of a range: one page of GitHub's. */
const mostShown = 100

/** Four calls at most, however far apart the commits are. */
async function readRange(
  client: GithubClient,
  { earlier, later }: Parameters<PullRequests['between']>[0],
): ReturnType<PullRequests['between']> {
  const page = (number: number) => compareCommits(client, { base: earlier, head: later, page: number })
  const first = await page(1)
  if (first === undefined) return undefined
  // The oldest come first, people look at the newest, and the last page may hold few.
  const last = Math.ceil(first.total_commits / mostShown)
  const rest =
    last > 2 ? await Promise.all([page(last - 1), page(last)]) : [first, last === 2 ? await page(2) : undefined]
  const commits = rest
    .flatMap(compared => compared?.commits ?? [])
    .slice(-mostShown)
    .toReversed()
  const merges = new Set(commits.map(({ commit }) => commit))
  const pulls = commits.length === 0 ? [] : await changedLast(client)
  return {
    relation: first.status,
    count: first.total_commits,
    commits,
    pulls: pulls.filter(({ mergeCommit }) => mergeCommit !== undefined && merges.has(mergeCommit)),
  }
}

async function changedLast(client: GithubClient): Promise<ReturnType<typeof pullPayload.parse>[]> {
  const query = { state: 'closed', base: await client.defaultBranch(), sort: 'updated', direction: 'desc' }
  const answer = await client.read('GET /repos/{owner}/{repo}/pulls', { ...query, per_page: 100 })
  return pullPayload.array().parse(answer?.data ?? [])
}
