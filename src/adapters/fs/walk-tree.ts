import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { TreeProblem } from '../../ports/source-tree.ts'

/** A file of the tree, before it is read. */
export interface FoundFile {
  /** Relative, with `/`. */
  readonly path: string
  /** Bytes, when it was found. */
  readonly size: number
  readonly executable: boolean
}

/** Where to walk and what to take. */
export interface Walk {
  /** Absolute. */
  readonly directory: string
  /** Whether a file goes into the artifact. */
  readonly isIn: (path: string) => boolean
  /** Whether nothing below a directory goes into it. */
  readonly isClosed: (path: string) => boolean
}

/** What walking found, in no particular order. */
export interface WalkedTree {
  readonly files: readonly FoundFile[]
  readonly problems: readonly TreeProblem[]
}

// What git keeps, and the store that `ringway build` writes to: an artifact that held it would hold the artifacts before it.
const neverPacked = new Set(['.git', '.ringway'])

/** Finds the files of a directory, never those of git. Links are followed to files of the same tree only. */
export async function walkTree(walk: Walk): Promise<WalkedTree> {
  const files: FoundFile[] = []
  const problems: TreeProblem[] = []
  const root = realpathSync(walk.directory)
  const waiting = ['']
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    for (const entry of readdirSync(join(walk.directory, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (neverPacked.has(entry.name)) continue
      const unreadable = unreadableName(entry.name)
      if (unreadable !== undefined) {
        problems.push({ path, message: unreadable })
      } else if (entry.isDirectory()) {
        if (!walk.isClosed(path)) waiting.push(path)
      } else if (walk.isIn(path)) {
        const place = join(walk.directory, path)
        const words = entry.isSymbolicLink() ? linkProblem(root, place) : kindProblem(entry)
        if (words === undefined) files.push({ path, ...describe(statSync(place)) })
        else problems.push({ path, message: words })
      }
    }
    await setImmediate()
  }
  return { files, problems }
}

function describe({ size, mode }: Stats): Pick<FoundFile, 'size' | 'executable'> {
  return { size, executable: (mode & 0o100) !== 0 }
}

/** No glob matches such a name, so that it would be left out without a word. */
function unreadableName(name: string): string | undefined {
  // Node.js puts this character where a name is no UTF-8.
  if (name.includes('\uFFFD')) return 'has a name that is not UTF-8; rename it'
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f]/.test(name) ? 'has a name that holds a control character; rename it' : undefined
}

function kindProblem(entry: Dirent | Stats): string | undefined {
  return entry.isFile() ? undefined : 'is neither a file nor a directory; exclude it'
}

/** A link to a file of the tree is packed as that file: an artifact holds no links, so that none can lead out of it. */
function linkProblem(root: string, link: string): string | undefined {
  let target: string
  try {
    target = realpathSync(link)
  } catch {
    return 'is a link to nothing; remove it'
  }
  const inside = relative(root, target)
  const parts = inside.split(sep)
  // What git keeps is not part of the tree: a checkout may hold a token there.
  if (parts[0] === '..' || isAbsolute(inside) || parts.includes('.git')) {
    return 'is a link that leaves the solution; copy what it points to'
  }
  const stats = statSync(target)
  return stats.isDirectory() ? 'is a link to a directory; copy it, or exclude the link' : kindProblem(stats)
}
