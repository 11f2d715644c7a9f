import { RingwayError } from '../domain/ringway-error.ts'
import { git } from './git.ts'
import { type Origin, readOrigin } from './origin.ts'

/** The repository that the command is typed in. */
export interface RepositoryHere {
  /** Absolute: the top of its working tree. */
  readonly root: string
  /** Undefined without a remote `origin`. */
  readonly origin: Origin | undefined
}

/** @throws {RingwayError} `input_invalid` outside of a git repository */
export function findRepository(): RepositoryHere {
  const directory = process.cwd()
  const root = git(directory, ['rev-parse', '--show-toplevel'])
  if (root === undefined) throw noRepository(directory)
  const url = git(root, ['remote', 'get-url', 'origin'])
  return { root, origin: url === undefined ? undefined : readOrigin(url) }
}

/** The branch that a push builds from: what the remote says, else the current one. */
export function defaultBranchHere(root: string): string {
  const remote = git(root, ['symbolic-ref', '--short', 'refs/remotes/origin/HEAD'])
  return remote?.replace(/^origin\//, '') ?? git(root, ['symbolic-ref', '--short', 'HEAD']) ?? 'main'
}

function noRepository(directory: string): RingwayError {
  return new RingwayError({
    code: 'input_invalid',
    message: `${directory} is in no git repository.`,
    remedy: 'Run `git init` first, or change into your repository.',
  })
}
