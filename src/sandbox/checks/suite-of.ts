import type { CheckSuite } from '../world/check.ts'
import type { GithubApp } from '../world/github-app.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world.ts'

/** The suite that holds an App's check runs on a commit; made with the first of them. */
export async function suiteOf(
  world: World,
  repository: Repository,
  { app, sha }: { app: GithubApp; sha: string },
): Promise<CheckSuite> {
  const existing = repository.checkSuites.find(suite => suite.app === app && suite.headSha === sha)
  if (existing !== undefined) return existing
  const branches = await repository.git.refs('refs/heads/')
  const branch = branches.find(ref => ref.sha === sha)
  const now = world.now()
  const suite: CheckSuite = {
    id: world.nextId('check_suite'),
    headSha: sha,
    headBranch: branch === undefined ? null : branch.name.replace('refs/heads/', ''),
    app,
    createdAt: now,
    updatedAt: now,
  }
  repository.checkSuites.push(suite)
  return suite
}
