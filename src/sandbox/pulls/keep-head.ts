import { runGit } from '../git/run-git.ts'
import type { Issue, PullRequest } from '../world/repository.ts'

/** Keeps `refs/pull/<n>/head` in the base repository, also for the commits of a fork. */
export async function keepHead(issue: Issue & { readonly pull: PullRequest }): Promise<void> {
  const { pull, repository, number } = issue
  const name = `refs/pull/${number}/head`
  if (pull.headRepository === repository) {
    await repository.git.text(['update-ref', name, pull.headSha])
    return
  }
  await runGit({
    directory: repository.git.directory,
    args: ['fetch', '--quiet', pull.headRepository.git.directory, `+refs/heads/${pull.headRef}:${name}`],
  })
}
