import { closest } from '../../domain/closest.ts'
import { messagePlaceholders, unknownPlaceholders } from '../../domain/message-template.ts'
import { quotable } from '../problem.ts'
import type { Notation } from './notation.ts'

/** Any text that is no more than a message. */
export const messagePattern = /^(?=[^]*\S)[^\0]{1,2000}$/u

/** Reads a message: a text whose placeholders are all known. */
export function readMessage(text: string): Notation<string> {
  const [unknown] = unknownPlaceholders(text)
  if (unknown === undefined) return { ok: true, value: text }
  const near = closest(unknown, messagePlaceholders)
  const fixed = near === undefined ? text : text.replaceAll(unknown, near)
  return {
    ok: false,
    message: `has the placeholder \`{{${quotable(unknown)}}}\`, which does not exist; there are ${messagePlaceholders.join(', ')}`,
    ...(fixed !== text && /^.{1,100}$/.test(fixed) ? { instead: [fixed] } : {}),
  }
}
