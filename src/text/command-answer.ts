import { defaultVerbs, type VerbTable } from '../domain/command/verbs.ts'
import type { RingwayError } from '../domain/ringway-error.ts'
import { escapeMarkdown, proseAsMarkdown } from './escape-markdown.ts'
import { inOwnVerbs } from './own-verbs.ts'

/** What the sticky comment says of a command that was carried out. */
export function answerText(
  login: string,
  answer: { readonly words: string; readonly details?: string | undefined },
  verbs: VerbTable = defaultVerbs,
): string {
  const head = `${escapeMarkdown(`@${login}`)}: ${inOwnVerbs(proseAsMarkdown(answer.words), verbs)}`
  return answer.details === undefined ? head : `${head}\n\n${answer.details}`
}

/** What it says of a command that was not: the reason, and what to do next. */
export function refusalText(
  login: string,
  { code, message, remedy }: Pick<RingwayError, 'code' | 'message' | 'remedy'>,
  verbs: VerbTable = defaultVerbs,
): string {
  const why = inOwnVerbs(`${proseAsMarkdown(message)}\n\n**Now:** ${proseAsMarkdown(remedy)}`, verbs)
  return `${escapeMarkdown(`@${login}`)}: **not done** (\`${code}\`). ${why}`
}
