import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GitPerson } from './git-object.ts'
import type { GitRepository } from './git-repository.ts'
import { GitError, runGit } from './run-git.ts'

export interface NewTag {
  readonly tag: string
  readonly message: string
  readonly object: string
  readonly type: string
  readonly tagger: GitPerson
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

/** Writes an annotated tag object; no ref points to it yet. Gives its sha. */
export async function writeTag(git: GitRepository, tag: NewTag): Promise<string> {
  const { tagger } = tag
  const lines = [
    `object ${tag.object}`,
    `type ${tag.type}`,
    `tag ${tag.tag}`,
    `tagger ${tagger.name} <${tagger.email}> ${seconds(tagger.date)} +0000`,
    '',
    tag.message.endsWith('\n') ? tag.message : `${tag.message}\n`,
  ]
  return (await git.text(['hash-object', '-t', 'tag', '-w', '--stdin'], lines.join('\n'))).trim()
}

export interface NewCommit {
  readonly message: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: GitPerson
  readonly committer: GitPerson
}

/** Writes a commit; gives its sha. */
export async function writeCommit(git: GitRepository, commit: NewCommit): Promise<string> {
  const { author, committer } = commit
  const output = await runGit({
    directory: git.directory,
    args: ['commit-tree', commit.tree, ...commit.parents.flatMap(parent => ['-p', parent])],
    input: commit.message,
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: `${seconds(author.date)} +0000`,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: `${seconds(committer.date)} +0000`,
    },
  })
  return output.toString('utf8').trim()
}

export async function writeBlob(git: GitRepository, content: Uint8Array): Promise<string> {
  const output = await runGit({
    directory: git.directory,
    args: ['hash-object', '-w', '--stdin'],
    input: content,
  })
  return output.toString('utf8').trim()
}

export interface TreeChange {
  readonly path: string
  readonly mode: string
  /** `null` removes the path. */
  readonly sha: string | null
}

/** Writes a tree: `base` (or nothing) with these changes. Gives its sha. */
export async function writeTree(
  git: GitRepository,
  request: { base: string | undefined; changes: readonly TreeChange[] },
): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'index-'))
  const withIndex = async (args: readonly string[], input?: string): Promise<string> => {
    const env = { GIT_INDEX_FILE: join(scratch, 'index') }
    const call = { directory: git.directory, args, env }
    return (await runGit(input === undefined ? call : { ...call, input })).toString('utf8')
  }
  try {
    await withIndex(request.base === undefined ? ['read-tree', '--empty'] : ['read-tree', request.base])
    const lines = request.changes.map(({ path, mode, sha }) =>
      sha === null ? `0 ${'0'.repeat(40)}\t${path}` : `${mode} ${sha}\t${path}`,
    )
    await withIndex(['update-index', '-z', '--index-info'], lines.map(line => `${line}\0`).join(''))
    return (await withIndex(['write-tree'])).trim()
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** The tree that merging `head` into `base` gives, or undefined on a conflict. */
export async function mergedTree(git: GitRepository, base: string, head: string): Promise<string | undefined> {
  try {
    return (await git.text(['merge-tree', '--write-tree', base, head])).trim()
  } catch (error) {
    if (error instanceof GitError && error.exitCode === 1) return undefined
    throw error
  }
}
