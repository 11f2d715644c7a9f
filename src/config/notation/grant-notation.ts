import { type Grant, readGrant } from '../../domain/policy/grant.ts'
import type { Notation } from './notation.ts'

/** One short line. */
export const grantPattern = /^[^\p{Cc}]{1,200}$/u

/** Reads whom a rule lets do something. */
export function readWho(text: string): Notation<Grant> {
  const value = readGrant(text)
  if (value !== undefined) return { ok: true, value }
  return { ok: false, message: 'names neither a role of GitHub, nor a team, nor a login', instead: likelyWho(text) }
}

/** What the writer of something that is nobody may have meant. */
export function likelyWho(value: unknown): readonly string[] {
  if (typeof value !== 'string') return []
  const plain = value.trim().toLowerCase()
  const team = /^@?(?:[\w-]+\/|teams?[:/ ]+@?)([\w-]+)$/.exec(plain)?.[1]
  if (team !== undefined) return [`team:${team}`]
  const role = /^(?:repository )?(?:role[: ]+)?(read|triage|write|maintain|admin)(?:er|ers|s|ster|istrator)?$/.exec(
    plain,
  )?.[1]
  return role === undefined || role === value ? [] : [role]
}
