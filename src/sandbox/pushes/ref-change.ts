import { type GitRef, ZERO_SHA } from '../git/git-object.ts'

/** One ref before and after; `ZERO_SHA` where it did not or does not exist. */
export interface RefChange {
  readonly name: string
  readonly before: string
  readonly after: string
}

export function refChanges(before: readonly GitRef[], after: readonly GitRef[]): RefChange[] {
  const old = new Map(before.map(ref => [ref.name, ref.sha]))
  const now = new Map(after.map(ref => [ref.name, ref.sha]))
  return [...new Set([...old.keys(), ...now.keys()])]
    .map(name => ({ name, before: old.get(name) ?? ZERO_SHA, after: now.get(name) ?? ZERO_SHA }))
    .filter(change => change.before !== change.after)
}
