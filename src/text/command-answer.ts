import type { RingwayError } from '../domain/ringway-error.ts'
import { escapeMarkdown, proseAsMarkdown } from './escape-markdown.ts'

/** What the sticky comment says of a command that was carried out. */
export function answerText(
  login: string,
  answer: { readonly words: string; readonly details?: string | undefined },
): string {
  const head = `${escapeMarkdown(`@${login}`)}: ${proseAsMarkdown(answer.words)}`
  return answer.details === undefined ? head : `${head}\n\n${answer.details}`
}

/** What it says of a command that was not: the reason, and what to do next. */
export function refusalText(login: string, error: Pick<RingwayError, 'code' | 'message' | 'remedy'>): string {
  const { code, message, remedy } = error
  return `${escapeMarkdown(`@${login}`)}: **not done** (\`${code}\`). ${proseAsMarkdown(message)}\n\n**Now:** ${proseAsMarkdown(remedy)}`
}
