import { mkdir } from 'node:fs/promises'
import type { GitCommit, GitRef, GitTag, GitTreeEntry } from './git-object.ts'
import { parseCommit, parseTag, splitBatch } from './parse-object.ts'
import { GitError, runGit } from './run-git.ts'
import { Turns } from './turns.ts'

/** One real bare repository. Nothing is cached: the directory is the truth, whoever else writes to it. */
export class GitRepository {
  readonly directory: string
  /** Whoever writes refs takes a turn, so that what changed can be told from the refs before and after. */
  readonly turns = new Turns()

  constructor(directory: string) {
    this.directory = directory
  }

  async text(args: readonly string[], input?: string): Promise<string> {
    const output = await runGit({ directory: this.directory, args, ...(input === undefined ? {} : { input }) })
    return output.toString('utf8')
  }

  /** The object that `expression` names, or undefined. An expression that starts with a dash names nothing. */
  async resolve(expression: string): Promise<string | undefined> {
    if (expression === '' || expression.startsWith('-')) return undefined
    try {
      return (await this.text(['rev-parse', '--verify', '--quiet', '--end-of-options', expression])).trim()
    } catch (error) {
      if (error instanceof GitError) return undefined
      throw error
    }
  }

  /** The commit that a branch, a tag, a full ref or a (short) sha means, in GitHub's order: branch, tag, sha. */
  async commitOf(ref: string): Promise<string | undefined> {
    const candidates = ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`]
    if (ref === 'HEAD' || /^(heads|tags)\//.test(ref)) candidates.push(ref)
    if (/^[0-9a-f]{4,40}$/.test(ref)) candidates.push(ref)
    for (const candidate of candidates) {
      const sha = await this.resolve(`${candidate}^{commit}`)
      if (sha !== undefined) return sha
    }
    return undefined
  }

  /** All refs whose full name starts with `prefix`, sorted by name. */
  async refs(prefix = 'refs/'): Promise<GitRef[]> {
    // git matches whole path segments; the rest of the prefix is compared here.
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
    const output = await this.text(['for-each-ref', '--format=%(refname) %(objectname) %(objecttype)', folder])
    return output
      .split('\n')
      .filter(line => line !== '' && line.startsWith(prefix))
      .map(parseRef)
  }

  /** The ref of exactly this full name. */
  async ref(name: string): Promise<GitRef | undefined> {
    const found = await this.refs(name)
    return found.find(ref => ref.name === name)
  }

  async commit(sha: string): Promise<GitCommit> {
    return parseCommit(sha, await this.text(['cat-file', 'commit', sha]))
  }

  /** Many commits through one git: a first push may bring thousands. */
  async commits(shas: readonly string[]): Promise<GitCommit[]> {
    if (shas.length === 0) return []
    const input = shas.map(sha => `${sha}\n`).join('')
    const output = await runGit({ directory: this.directory, args: ['cat-file', '--batch'], input })
    return splitBatch(output).map(({ sha, content }) => parseCommit(sha, content))
  }

  async tag(sha: string): Promise<GitTag> {
    return parseTag(sha, await this.text(['cat-file', 'tag', sha]))
  }

  async typeOf(sha: string): Promise<string | undefined> {
    try {
      return (await this.text(['cat-file', '-t', sha])).trim()
    } catch (error) {
      if (error instanceof GitError) return undefined
      throw error
    }
  }

  async blob(sha: string): Promise<Buffer> {
    return runGit({ directory: this.directory, args: ['cat-file', 'blob', sha] })
  }

  /** Entries of a tree, or of a commit's tree; with `path`, of that directory, or the file itself. */
  async tree(treeish: string, options: { path?: string; recursive?: boolean } = {}): Promise<GitTreeEntry[]> {
    const args = ['ls-tree', '-z', '--long', '--full-tree', ...(options.recursive ? ['-r', '-t'] : []), treeish]
    const output = await this.text(options.path === undefined ? args : [...args, '--', options.path])
    return output
      .split('\0')
      .filter(line => line !== '')
      .map(parseTreeEntry)
  }

  /** The file's content at a commit, or undefined where there is no such file. */
  async file(commit: string, path: string): Promise<Buffer | undefined> {
    const sha = await this.resolve(`${commit}:${path}`)
    if (sha === undefined || (await this.typeOf(sha)) !== 'blob') return undefined
    return this.blob(sha)
  }

  /**
   * Points a ref at `after` if it now stands at `before`; `ZERO_SHA` means that it must not exist (or shall not exist
   * any more). One git command: of two that come at once, one loses.
   *
   * @throws {GitError} when the ref stands elsewhere
   */
  async updateRef(update: { name: string; after: string; before: string }): Promise<void> {
    await this.text(['update-ref', update.name, update.after, update.before])
  }

  async deleteRef(name: string, before: string): Promise<void> {
    await this.text(['update-ref', '-d', name, before])
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return (await this.mergeBase(ancestor, descendant)) === ancestor
  }

  async mergeBase(one: string, other: string): Promise<string | undefined> {
    try {
      return (await this.text(['merge-base', one, other])).trim()
    } catch (error) {
      if (error instanceof GitError && error.exitCode === 1) return undefined
      throw error
    }
  }

  /** Commits of a `rev-list` range, newest first; with `path`, those that touch it. */
  async log(range: readonly string[], options: { limit?: number; path?: string } = {}): Promise<GitCommit[]> {
    const paths = options.path === undefined ? [] : [options.path]
    const output = await this.text(['rev-list', `--max-count=${options.limit ?? 250}`, ...range, '--', ...paths])
    const shas = output.split('\n').filter(line => line !== '')
    return this.commits(shas)
  }

  async count(range: readonly string[]): Promise<number> {
    return Number(await this.text(['rev-list', '--count', ...range, '--']))
  }
}

function parseRef(line: string): GitRef {
  const [name = '', sha = '', type = ''] = line.split(' ')
  if (type !== 'commit' && type !== 'tag' && type !== 'tree' && type !== 'blob') {
    throw new TypeError(`expected "ref sha type" from git, got "${line}"`)
  }
  return { name, sha, type }
}

function parseTreeEntry(line: string): GitTreeEntry {
  const match = /^(\d+) (blob|tree|commit) ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line)
  if (match === null) throw new TypeError(`expected a line of ls-tree from git, got "${line}"`)
  const [, mode = '', type, sha = '', size = '-', path = ''] = match
  const entryType = type === 'tree' || type === 'commit' ? type : 'blob'
  return { mode, type: entryType, sha, size: size === '-' ? null : Number(size), path }
}

/** Makes an empty bare repository. */
export async function createGitRepository(directory: string, defaultBranch: string): Promise<GitRepository> {
  await mkdir(directory, { recursive: true })
  await runGit({ directory, args: ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`] })
  return new GitRepository(directory)
}

/** A bare copy of another repository on this machine, whose branches and tags it starts with. */
export async function copyGitRepository(from: string, directory: string): Promise<GitRepository> {
  await mkdir(directory, { recursive: true })
  await runGit({ directory, args: ['clone', '--quiet', '--bare', '--no-local', from, '.'] })
  // It is a repository of its own from now on.
  await runGit({ directory, args: ['remote', 'remove', 'origin'] })
  return new GitRepository(directory)
}
