import { readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

const forgottenKept = 20
const largestBytes = 10 * 1024 * 1024

/** Keeps the logs of the versions that are placed, and those of the last twenty others: a failed one is gone before anyone looks. */
export function forgetOldLogs(root, placedIds) {
  readdirSync(root)
    .filter(id => !placedIds.has(id))
    .map(id => ({ path: join(root, id), changedAt: statSync(join(root, id)).mtimeMs }))
    .toSorted((one, other) => other.changedAt - one.changedAt)
    .slice(forgottenKept)
    .forEach(({ path }) => rmSync(path, { recursive: true, force: true }))
}

/** Empties logs that have grown too large; whoever prints to them appends, and so goes on at the beginning. */
export function emptyLargeLogs(root) {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name)
    if (entry.isFile() && statSync(path).size > largestBytes) truncateSync(path)
  }
}
