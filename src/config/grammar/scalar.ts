import * as z from 'zod'
import type { Notation } from '../notation/notation.ts'

/** How people are told what a value looks like. */
export interface ScalarWords {
  /** With its article: `a duration`. */
  readonly type: string
  readonly example: string
  /** What somebody who wrote something else may have meant; several where nobody can know. */
  readonly likely?: (value: unknown) => readonly string[]
}

/** The words of every scalar of the grammar. */
export const scalarWords = z.registry<ScalarWords>()

/** Texts of a certain form. */
export function text(words: ScalarWords, pattern: RegExp): z.ZodString {
  return z.string().regex(pattern).register(scalarWords, words)
}

/** Texts of a certain form that stand for something else; `read` is asked only about texts of that form. */
export function notation<T>(
  words: ScalarWords,
  { pattern, read }: { readonly pattern: RegExp; readonly read: (text: string) => Notation<T> },
): z.ZodType<T, string> {
  return z
    .string()
    .regex(pattern)
    .transform((written, context) => {
      const reading = read(written)
      if (reading.ok) return reading.value
      context.addIssue({ code: 'custom', message: reading.message, params: { instead: reading.instead } })
      return z.NEVER
    })
    .register(scalarWords, words)
}
