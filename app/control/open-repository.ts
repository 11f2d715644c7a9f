import type { AnswerCache } from '../../src/adapters/github/answer-cache.ts'
import { createGithubCheckRunBoard } from '../../src/adapters/github/check-run-board.ts'
import { createGithubCommitChecks } from '../../src/adapters/github/commit-checks.ts'
import { createGithubCommitReach } from '../../src/adapters/github/commit-reach.ts'
import { createGithubCommitStatuses } from '../../src/adapters/github/commit-statuses.ts'
import { createGithubConversation } from '../../src/adapters/github/conversation.ts'
import { createGithubDeployments } from '../../src/adapters/github/deployments.ts'
import { createGithubEnvironmentInventory } from '../../src/adapters/github/environment-inventory.ts'
import { createGithubEnvironments } from '../../src/adapters/github/environments.ts'
import type { GithubApp } from '../../src/adapters/github/github-app.ts'
import { createGithubPeople } from '../../src/adapters/github/people.ts'
import { createGithubProtectionRules } from '../../src/adapters/github/protection-rules.ts'
import { createGithubPullRequests } from '../../src/adapters/github/pull-requests.ts'
import { createGithubRepository } from '../../src/adapters/github/repository.ts'
import { createGithubRunRecords } from '../../src/adapters/github/run-records.ts'
import { createGithubVersionTags } from '../../src/adapters/github/version-tags.ts'
import { createGithubWorkflowRuns } from '../../src/adapters/github/workflow-runs.ts'
import { createArtifacts } from '../../src/adapters/oci/artifacts.ts'
import { openBlobStore } from '../../src/adapters/oci/reference.ts'
import type { RepositoryKey } from '../../src/domain/ring-key.ts'
import type { RepositoryOnGithub } from '../../src/engine/control/control-ports.ts'
import type { Artifacts } from '../../src/ports/artifacts.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { CommitRange } from '../../src/ports/pull-requests.ts'
import type { StoreSetting } from '../env/settings.ts'

/** What repositories are opened with. */
export interface RepositoryParts {
  readonly app: GithubApp
  readonly clock: Clock
  /** Where people see GitHub. */
  readonly serverUrl: string
  readonly store: StoreSetting | undefined
  /** What stands between two commits, which stays as it is. */
  readonly ranges: AnswerCache<CommitRange | undefined>
}

/** Opens one repository on GitHub. Made anew for each use: what it reads, it reads once, and a decision stands on what is so now. */
export async function openRepository(parts: RepositoryParts, key: RepositoryKey): Promise<RepositoryOnGithub> {
  const { app, clock, serverUrl, ranges } = parts
  const [client, identity] = await Promise.all([app.clientFor(key), app.identity()])
  const people = createGithubPeople(client)
  const pullRequests = createGithubPullRequests(client, people)
  const { owner, repo } = client
  return {
    repository: createGithubRepository(client),
    deployments: createGithubDeployments(client),
    environments: createGithubEnvironments(client),
    inventory: createGithubEnvironmentInventory(client, identity),
    versions: createGithubVersionTags(client),
    checks: createGithubCommitChecks(client),
    reach: createGithubCommitReach(client),
    statuses: createGithubCommitStatuses(client, identity),
    board: createGithubCheckRunBoard(client, identity.id),
    conversation: createGithubConversation(client, identity.id),
    people,
    pullRequests: {
      ...pullRequests,
      between: async range => {
        const name = `${key.tenant}/${key.repository} ${range.earlier}...${range.later}`
        const found = await ranges.get(name, () => pullRequests.between(range))
        // A commit that GitHub does not know yet may be known a moment later.
        if (found === undefined) ranges.forget(name)
        return found
      },
    },
    rules: createGithubProtectionRules(client, identity),
    runs: createGithubWorkflowRuns(client, duration => clock.sleep(duration)),
    runRecords: createGithubRunRecords(client),
    runUrl: run => `${serverUrl}/${owner}/${repo}/actions/runs/${run}`,
    artifacts: openArtifacts(parts.store, { owner, repo }),
  }
}

/** The artifact store of a repository, where the operator named one. */
function openArtifacts(
  store: StoreSetting | undefined,
  { owner, repo }: { readonly owner: string; readonly repo: string },
): Artifacts | undefined {
  if (store === undefined) return undefined
  const location = store.template.replaceAll('{owner}', owner.toLowerCase()).replaceAll('{repo}', repo.toLowerCase())
  return createArtifacts(openBlobStore({ location, credentials: store.credentials }))
}
