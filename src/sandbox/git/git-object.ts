export const ZERO_SHA = '0'.repeat(40)

/** A ref and the object it points to, which is a tag object for an annotated tag. */
export interface GitRef {
  /** The full name: `refs/heads/main`. */
  readonly name: string
  readonly sha: string
  readonly type: 'commit' | 'tag' | 'tree' | 'blob'
}

export interface GitPerson {
  readonly name: string
  readonly email: string
  readonly date: Date
}

export interface GitCommit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: GitPerson
  readonly committer: GitPerson
  readonly message: string
}

export interface GitTag {
  readonly sha: string
  readonly tag: string
  readonly message: string
  readonly tagger: GitPerson
  readonly object: { readonly sha: string; readonly type: string }
}

export interface GitTreeEntry {
  readonly mode: string
  readonly type: 'blob' | 'tree' | 'commit'
  readonly sha: string
  /** In bytes; `null` for what is not a blob. */
  readonly size: number | null
  readonly path: string
}

export interface GitFileChange {
  readonly path: string
  readonly previousPath: string | null
  readonly status: 'added' | 'removed' | 'modified' | 'renamed'
  readonly additions: number
  readonly deletions: number
  /** The blob after the change, or before it where the file was removed. */
  readonly sha: string
  /** Unified diff without its file header; `null` for a binary file. */
  readonly patch: string | null
}
