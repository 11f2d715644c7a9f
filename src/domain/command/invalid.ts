import { RingwayError } from '../ringway-error.ts'

/** A command that cannot be read. */
export function invalid(message: string, remedy: string): RingwayError {
  return new RingwayError({ code: 'command_invalid', message, remedy })
}

/** What somebody typed, as an answer shows it: short, in one line, and unable to end the code span that it stands in. */
export function excerpt(text: string): string {
  const characters = Array.from(text.replaceAll('`', "'"), one => (/[\p{C}\p{Z}\s]/u.test(one) ? ' ' : one))
  const shown = characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : characters.join('')
  return `\`${shown}\``
}
