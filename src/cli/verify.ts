import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RingwayError } from '../domain/ringway-error.ts'
import { findPublished } from '../engine/find-published.ts'
import { rebuild } from '../engine/rebuild.ts'
import { verify as verifyArtifact } from '../engine/verify.ts'
import { composeLocal, type LocalOptions } from './compose-local.ts'
import { exitCodes } from './exit-code.ts'
import { onlySolution } from './only-solution.ts'
import { runGit } from './run-git.ts'
import type { Terminal } from './terminal.ts'

/** What `ringway verify` is asked for. */
export interface VerifyCommand extends LocalOptions {
  readonly solution: string | undefined
  readonly rebuild: boolean
}

/**
 * `ringway verify`: pulls an artifact and hashes every byte of it. With `--rebuild` its commit is checked out beside the working tree,
 * built again, and must give the same content.
 */
export async function verify(terminal: Terminal, artifact: string, options: VerifyCommand): Promise<number> {
  const ports = composeLocal(terminal, options)
  try {
    const solution = await onlySolution(ports, options.solution)
    const whole = await verifyArtifact(ports, { solution, artifact })
    terminal.say(whole.message)
    if (!options.rebuild) {
      terminal.result({ ok: true, ...whole })
      return exitCodes.ok
    }
    const { candidate } = await findPublished(ports, { solution, artifact })
    if (candidate.commit === undefined) throw noCommit(artifact)
    const rebuilt = await inCheckout(ports.root, candidate.commit, async tree => {
      const there = composeLocal(terminal, options, tree)
      try {
        return await rebuild(there, { solution, artifact })
      } finally {
        there.close()
      }
    })
    terminal.say(rebuilt.message)
    terminal.result({ ok: true, ...rebuilt })
    return exitCodes.ok
  } finally {
    ports.close()
  }
}

/** A commit in a directory of its own; the user's tree is never touched. */
async function inCheckout<T>(repository: string, commit: string, use: (tree: string) => Promise<T>): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), 'ringway-rebuild-'))
  const tree = join(parent, 'tree')
  try {
    await runGit(repository, ['worktree', 'add', '--quiet', '--detach', tree, commit])
    return await use(tree)
  } finally {
    await rm(parent, { recursive: true, force: true })
    await runGit(repository, ['worktree', 'prune']).catch(() => undefined)
  }
}

function noCommit(artifact: string): RingwayError {
  return new RingwayError({
    code: 'unknown_version',
    message: `${artifact} is no version of this clone, so nothing says which commit it was built from.`,
    remedy: 'Fetch the version tags (git fetch --tags), and name a version such as v42.',
  })
}
