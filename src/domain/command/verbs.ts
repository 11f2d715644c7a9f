import { closest } from '../closest.ts'
import { type CommandName, commandNames } from './command.ts'

/** The first words that stand for each command; the first of them is the one that answers show. None: the command is off. */
export type VerbTable = Readonly<Record<CommandName, readonly string[]>>

/** `/promote` for promote, and so on. */
export const defaultVerbs: VerbTable = {
  promote: ['/promote'],
  rollback: ['/rollback'],
  approve: ['/approve'],
  reject: ['/reject'],
  status: ['/status'],
  diff: ['/diff'],
  retry: ['/retry'],
  lock: ['/lock'],
  unlock: ['/unlock'],
  pause: ['/pause'],
  resume: ['/resume'],
  undeploy: ['/undeploy'],
  archive: ['/archive'],
  unquarantine: ['/unquarantine'],
  run: ['/run'],
  help: ['/help'],
}

/** The default, except for the commands that a repository gives words of its own: those replace the default word. */
export function verbTable(chosen: { readonly [N in CommandName]?: readonly string[] | undefined }): VerbTable {
  const table = { ...defaultVerbs }
  for (const name of commandNames) table[name] = chosen[name] ?? defaultVerbs[name]
  return table
}

/**
 * Whether a text may stand for a command: a sign that begins no Markdown, then small letters, digits and `-`, 40 characters at most.
 * Plain ASCII, so that no two verbs look alike.
 */
export function isVerb(text: string): boolean {
  return /^[/.!:%][a-z][a-z0-9-]{0,38}$/.test(text)
}

/** The word that answers show for a command; undefined when it is off. */
export function verbOf(table: VerbTable, name: CommandName): string | undefined {
  return table[name][0]
}

/** Every word of a table with its command. */
export function verbIndex(table: VerbTable): ReadonlyMap<string, CommandName> {
  return new Map(commandNames.flatMap(name => table[name].map(word => [word, name] as const)))
}

/**
 * The verb that a word was meant to be, if it has one typing mistake. Only of long ones: a short word is too easily the command of
 * another bot.
 */
export function meantVerb(word: string, verbs: Iterable<string>): string | undefined {
  if (word.length < 7 || !isVerb(word.toLowerCase())) return undefined
  const near = [...verbs].filter(
    verb => verb.length >= 7 && verb[0] === word[0] && Math.abs(verb.length - word.length) <= 1,
  )
  return closest(word, near, 1)
}
