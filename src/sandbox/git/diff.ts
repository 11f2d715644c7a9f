import type { GitFileChange } from './git-object.ts'
import type { GitRepository } from './git-repository.ts'

/** The tree of a commit without any file. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** The files that differ between two trees (or commits), renames found. */
export async function changedFiles(git: GitRepository, from: string, to: string): Promise<GitFileChange[]> {
  const diff = ['diff-tree', '-r', '-M', '-z', from, to]
  const [raw, counts, patches] = await Promise.all([
    git.text([...diff, '--raw', '--abbrev=40']),
    git.text([...diff, '--numstat']),
    git.text(['diff-tree', '-r', '-M', '-p', from, to]),
  ])
  const lines = lineCounts(counts)
  const texts = splitPatches(patches)
  return parseRaw(raw).map((change, index) => ({
    ...change,
    additions: lines[index]?.additions ?? 0,
    deletions: lines[index]?.deletions ?? 0,
    patch: texts[index] ?? null,
  }))
}

const STATUS: Readonly<Record<string, GitFileChange['status']>> = { A: 'added', D: 'removed', R: 'renamed' }

function parseRaw(raw: string): Pick<GitFileChange, 'path' | 'previousPath' | 'status' | 'sha'>[] {
  const fields = raw.split('\0')
  const changes: Pick<GitFileChange, 'path' | 'previousPath' | 'status' | 'sha'>[] = []
  for (let at = 0; at < fields.length - 1; ) {
    const [, , before = '', after = '', letter = ''] = (fields[at] ?? '').split(' ')
    const status = STATUS[letter.charAt(0)] ?? 'modified'
    const [first = '', second = ''] = fields.slice(at + 1)
    const isRename = status === 'renamed'
    changes.push({
      path: isRename ? second : first,
      previousPath: isRename ? first : null,
      status,
      sha: status === 'removed' ? before : after,
    })
    at += isRename ? 3 : 2
  }
  return changes
}

function lineCounts(numstat: string): { additions: number; deletions: number }[] {
  // Records start with two counts; the names of a rename follow as fields of their own. Binary files count as "-".
  return numstat
    .split('\0')
    .map(field => /^(\d+|-)\t(\d+|-)\t/.exec(field))
    .flatMap(match => (match === null ? [] : [{ additions: Number(match[1]) || 0, deletions: Number(match[2]) || 0 }]))
}

function splitPatches(text: string): (string | null)[] {
  return text
    .split(/^(?=diff --git )/m)
    .filter(part => part.startsWith('diff --git '))
    .map(part => {
      const start = part.search(/^@@ /m)
      return start === -1 ? null : part.slice(start).replace(/\n$/, '')
    })
}
