import { RingwayError } from '../ringway-error.ts'
import { buildCommand } from './build-command.ts'
import type { Command, CommandName } from './command.ts'
import { firstLine, spokenLines } from './comment-lines.ts'
import { excerpt, invalid } from './invalid.ts'
import { disguised, disguisedVerb, expectPlain } from './plain-text.ts'
import { readArguments } from './read-arguments.ts'
import { readRun } from './read-run.ts'
import type { Refused } from './refused.ts'
import { usageLine, usages } from './usage.ts'
import { meantVerb, type VerbTable, verbIndex } from './verbs.ts'

/**
 * What a comment is. `none`: an ordinary comment, to which nothing is said; `command`: one command, as `text` has it; `refused`: meant as
 * a command and not one, which is said and never run.
 */
export type Reading =
  | { readonly kind: 'none' }
  | { readonly kind: 'command'; readonly command: Command; readonly text: string }
  | Refused

/** Characters. GitHub takes 65,536 in a comment; what is longer than this is data that belongs into a file. */
const longestLine = 8_192

/**
 * Reads the command of a comment: its first line that is not empty, if that begins with a verb. Text in quotes, fences, indented code,
 * HTML comments and folded details is no command. Only the body of a comment that was just made may be given; whether it was edited, and
 * by whom, is not seen here. Never throws, whatever the text, and takes time in proportion to it.
 */
export function readCommand(body: string, verbs: VerbTable): Reading {
  const line = firstLine(body)
  if (line === undefined) return { kind: 'none' }
  const index = verbIndex(verbs)
  const { word, rest } = splitVerb(line.text)
  const name = index.get(word)
  try {
    if (name === undefined) {
      expectOrdinary(line.text, word, [...index.keys()])
      return { kind: 'none' }
    }
    expectReadable(line.text)
    expectAlone(body, line.end, index)
    return { kind: 'command', command: readNamed(name, rest, { verbs, index }), text: line.text.trim() }
  } catch (error) {
    if (!(error instanceof RingwayError)) throw error
    const usage = name !== undefined && error.code === 'command_invalid' ? ` Usage: \`${usageLine(name, verbs)}\`` : ''
    return { kind: 'refused', code: error.code, message: error.message, remedy: `${error.remedy}${usage}` }
  }
}

function readNamed(name: CommandName, rest: string, { verbs, index }: Verbs): Command {
  if (name === 'run') return readRun(rest)
  const given = readArguments(rest, usages[name])
  const other = name === 'help' ? undefined : given.words.find(word => index.has(word))
  if (other !== undefined) throw several(other)
  return buildCommand(name, given, verbs)
}

interface Verbs {
  readonly verbs: VerbTable
  readonly index: ReadonlyMap<string, CommandName>
}

/** The first word of a line and what follows; four spaces or a tab before it make it code. */
function splitVerb(line: string): { readonly word: string; readonly rest: string } {
  const [whole = '', word = ''] = /^ {0,3}([^ \t]{1,80})(?=[ \t]|$)/.exec(line) ?? []
  return { word, rest: line.slice(whole.length) }
}

/** Other bots have commands too, so a word that is none of ours is passed over, unless it was plainly meant to be one. */
function expectOrdinary(line: string, word: string, verbs: readonly string[]): void {
  const start = line.slice(0, 200).replace(/^ {0,3}/, '')
  if (disguisedVerb(start, verbs) !== undefined) throw disguised('letters that only look like those of a command')
  const meant = meantVerb(word, verbs)
  if (meant !== undefined) throw invalid(`${excerpt(word)} is no command.`, `Did you mean \`${meant}\`?`)
}

function expectReadable(line: string): void {
  if (line.length > longestLine) {
    throw invalid(
      `The line of the command has ${line.length} characters; ${longestLine} were expected at most.`,
      'Put the command alone into the first line.',
    )
  }
  expectPlain(line)
  if (line.includes('<!--')) throw invalid('The command holds an HTML comment, which nobody sees.', 'Leave it out.')
}

function expectAlone(body: string, start: number, index: ReadonlyMap<string, CommandName>): void {
  // Nearly every comment, and many times faster than to look at each line.
  if (![...index.keys()].some(verb => body.includes(verb, start))) return
  for (const line of spokenLines(body, start)) {
    const { word } = splitVerb(line)
    if (index.has(word)) throw several(word)
  }
}

/** What a person who writes two commands expects of the second when the first is refused, nobody knows. */
function several(other: string): RingwayError {
  return new RingwayError({
    code: 'several_commands',
    message: `The comment holds a second command, ${excerpt(other)}; none was run.`,
    remedy: 'Write one command in each comment.',
  })
}
