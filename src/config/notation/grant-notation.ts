import { closest } from '../../domain/closest.ts'
import { type Grant, githubRoles, readGrant } from '../../domain/policy/grant.ts'
import type { Notation } from './notation.ts'

/** One short line. */
export const grantPattern = /^[^\p{Cc}]{1,200}$/u

/**
 * Reads whom a rule lets do something. A word that is nearly a role is refused: taken for a login, it would let in whoever registers
 * that name.
 */
export function readWho(text: string): Notation<Grant> {
  const value = readGrant(text)
  const role = value?.kind === 'user' && !text.startsWith('@') ? meantRole(text) : undefined
  if (value !== undefined && role === undefined) return { ok: true, value }
  if (role !== undefined) {
    const message = `is \`${text}\`, which looks like the role \`${role}\` and would be the login of a stranger`
    return { ok: false, message, instead: [role, `"@${text}"`] }
  }
  return { ok: false, message: 'names neither a role of GitHub, nor a team, nor a login', instead: likelyWho(text) }
}

/** What the writer of something that is nobody may have meant. */
export function likelyWho(value: unknown): readonly string[] {
  if (typeof value !== 'string') return []
  const team = /^@?(?:[\w-]+\/|teams?[:/ ]+@?)([\w-]+)$/i.exec(value.trim())?.[1]
  return team === undefined ? [] : [`team:${team.toLowerCase()}`]
}

function meantRole(word: string): string | undefined {
  const [, stem] = /^(read|triage|write|maintain|admin)(?:r|rs|er|ers|s|istrators?)$/i.exec(word) ?? []
  if (stem !== undefined) return stem.toLowerCase()
  const near = closest(word, githubRoles, 1)
  return near !== undefined && Math.abs(near.length - word.length) <= 1 ? near : undefined
}
