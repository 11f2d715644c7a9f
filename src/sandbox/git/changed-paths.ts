import type { GitRepository } from './git-repository.ts'

export interface ChangedPaths {
  readonly added: string[]
  readonly removed: string[]
  readonly modified: string[]
}

/** The paths that each of these commits changed against its first parent; none for merges. One git for all of them. */
export async function changedPaths(git: GitRepository, commits: readonly string[]): Promise<Map<string, ChangedPaths>> {
  const output = await git.text(
    ['diff-tree', '--stdin', '-r', '-z', '--root', '--no-renames', '--name-status'],
    commits.map(sha => `${sha}\n`).join(''),
  )
  const found = new Map<string, ChangedPaths>(commits.map(sha => [sha, { added: [], removed: [], modified: [] }]))
  const tokens = output.split('\0')
  let current: ChangedPaths | undefined
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] ?? ''
    // A status letter is followed by its path; all else is the commit that follows.
    if (!/^[AMDT]$/.test(token)) {
      current = found.get(token.trim())
      continue
    }
    at += 1
    const path = tokens[at] ?? ''
    if (token === 'A') current?.added.push(path)
    else if (token === 'D') current?.removed.push(path)
    else current?.modified.push(path)
  }
  return found
}
