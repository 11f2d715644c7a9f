import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { CommitSha } from '../../domain/units.ts'
import { readGit, runGit } from './run-git.ts'

/** A commit to be checked out. */
export interface Checkout {
  /** The repository that has it: its working tree, its branches and its index stay as they are. */
  readonly repository: string
  readonly commit: CommitSha
  /** Where its files go: a directory that does not exist yet. */
  readonly directory: string
}

/**
 * Checks a commit out as a fresh checkout has it, in a repository of its own that borrows the objects of the first one. Unlike a worktree
 * it leaves no trace in the first repository, not even when this process is killed.
 *
 * @throws {RingwayError} `unknown_version` when the repository does not have the commit
 */
export async function checkOutCommit({ repository, commit, directory }: Checkout): Promise<void> {
  const there = await runGit(repository, ['cat-file', '-e', `${commit}^{commit}`])
  if (there.exitCode !== 0) throw commitMissing(commit)
  const objects = resolve(repository, (await readGit(repository, ['rev-parse', '--git-path', 'objects'])).trim())
  const objectFormat = (await readGit(repository, ['rev-parse', '--show-object-format'])).trim()
  await mkdir(directory, { recursive: true })
  await readGit(directory, ['init', '--quiet', `--object-format=${objectFormat}`, '--template='])
  await mkdir(join(directory, '.git', 'objects', 'info'), { recursive: true })
  await writeFile(join(directory, '.git', 'objects', 'info', 'alternates'), `${objects}\n`)
  await readGit(directory, ['-c', 'advice.detachedHead=false', 'checkout', '--quiet', '--detach', commit])
}

function commitMissing(commit: CommitSha): RingwayError {
  return new RingwayError({
    code: 'unknown_version',
    message: `This repository does not have the commit ${commit}.`,
    remedy: `Fetch it: git fetch origin ${commit}`,
    facts: { commit },
  })
}
