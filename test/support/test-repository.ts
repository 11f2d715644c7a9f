import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type CommitSha, commitSha } from '../../src/domain/units.ts'

/** A git repository with a working tree, in a directory of its own. */
export interface TestRepository {
  readonly directory: string
  /** Runs git in it and gives what it prints. Never blocks: what it talks to may be in this process. */
  git(...args: readonly string[]): Promise<string>
  /** Writes files; those that end with `.sh` can be executed. */
  write(files: Readonly<Record<string, string>>): Promise<void>
  /** Commits everything that is in the working tree. */
  commit(message: string): Promise<CommitSha>
  /** The same repository with everything in it, in another directory. */
  copy(): Promise<TestRepository>
  dispose(): Promise<void>
}

const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
}

/** Makes a repository on branch `main` with these files, and without a commit. */
export async function openTestRepository(files: Readonly<Record<string, string>>): Promise<TestRepository> {
  const repository = repositoryIn(await mkdtemp(join(tmpdir(), 'ringway-here-')))
  await mkdir(repository.directory)
  await repository.git('init', '--quiet', '--initial-branch', 'main')
  await repository.git('config', 'user.name', 'Ada')
  await repository.git('config', 'user.email', 'ada@shop.example')
  await repository.write(files)
  return repository
}

function repositoryIn(parent: string): TestRepository {
  const directory = join(parent, 'shop')
  const git = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('git', args, { cwd: directory, env: environment })
    return stdout.trim()
  }
  return {
    directory,
    git,
    write: files => writeFiles(directory, files),
    async commit(message) {
      await git('add', '--all')
      await git('commit', '--quiet', '--allow-empty', '--message', message)
      return commitSha(await git('rev-parse', 'HEAD'))
    },
    async copy() {
      const other = await mkdtemp(join(tmpdir(), 'ringway-here-'))
      await cp(directory, join(other, 'shop'), { recursive: true, preserveTimestamps: true })
      return repositoryIn(other)
    },
    dispose: () => rm(parent, { recursive: true, force: true }),
  }
}

/** Writes files below a directory; those that end with `.sh` can be executed. */
export async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const place = join(directory, path)
    await mkdir(dirname(place), { recursive: true })
    await writeFile(place, text)
    if (path.endsWith('.sh')) await chmod(place, 0o755)
  }
}
