import { RingwayError } from '../ringway-error.ts'

/** What nobody sees: control, format and direction characters, fillers, halves of characters, every blank but the usual one. */
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u

/**
 * Refuses a line that is not what it looks like: one with characters that nobody sees, or whose compatibility form (NFKC) is another
 * text, such as full-width letters.
 *
 * @throws {RingwayError} `command_disguised`
 */
export function expectPlain(line: string): void {
  const text = line.replaceAll('\t', ' ')
  if (/^[ -~]*$/.test(text)) return
  const hidden = unseen.exec(text)?.[0]
  if (hidden !== undefined) throw disguised(`${codePoint(hidden)}, which nobody sees`)
  const plain = text.normalize('NFKC')
  if (plain === text) return
  const odd = Array.from(text).find(one => one.normalize('NFKC') !== one)
  throw disguised(
    odd === undefined ? 'letters and marks that are not composed' : `${codePoint(odd)}, which is read as other text`,
  )
}

/**
 * The verb that a word looks like without being it: once unseen characters are gone and compatibility forms are plain, or with letters of
 * another alphabet in the place of its own.
 */
export function disguisedVerb(start: string, verbs: Iterable<string>): string | undefined {
  if (/^[\t -~]*$/.test(start)) return undefined
  const shown = start.normalize('NFKC').replaceAll(new RegExp(unseen.source, 'gu'), '')
  const word = Array.from(/^[^ \t]*/.exec(shown)?.[0] ?? '')
  const isLike = (verb: string): boolean =>
    verb.length === word.length &&
    verb[0] === word[0] &&
    word.every((letter, index) => letter === verb[index] || letter > '~') &&
    word.filter(letter => letter > '~').length * 2 <= verb.length
  return [...verbs].find(isLike)
}

/** The refusal of a command that is not what it looks like. */
export function disguised(what: string): RingwayError {
  return new RingwayError({
    code: 'command_disguised',
    message: `The command holds ${what}; it was not run.`,
    remedy: 'Write it again by hand, in plain letters.',
  })
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
