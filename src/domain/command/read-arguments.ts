import { closest } from '../closest.ts'
import { durationPattern, likelyDuration, readDuration } from '../duration-notation.ts'
import type { RingwayError } from '../ringway-error.ts'
import type { DurationMs } from '../units.ts'
import type { Parameters } from './command.ts'
import { excerpt, invalid } from './invalid.ts'
import { readParameters } from './parameters.ts'
import { type OptionName, optionValues, type Usage } from './usage.ts'

/** What follows a verb, taken apart. */
export interface Arguments {
  readonly words: readonly string[]
  /** Options as they were given; one without a value holds the empty text. */
  readonly options: ReadonlyMap<OptionName, string>
  readonly parameters: Parameters
}

/** Characters. A reason is a sentence, and stands in one line of an answer. */
const longestReason = 500

/** A phone makes one long dash of two short ones. */
const dashes = /^(?:--|[–—])(?=[^\s–—-])/

/**
 * Takes apart what follows a verb: words, `--option value`, and parameters after a lone `--`. No sign has a meaning that a shell would
 * give it.
 *
 * @throws {RingwayError} `command_invalid`
 */
export function readArguments(text: string, usage: Usage): Arguments {
  const words: string[] = []
  const options = new Map<OptionName, string>()
  let parameters: Parameters = {}
  let rest = skipBlanks(text)
  while (rest !== '') {
    if (/^--(?:[ \t]|$)/.test(rest)) {
      if (!usage.parameters) throw invalid('This command takes no parameters after `--`.', 'Leave them out.')
      parameters = readParameters(rest.slice(2))
      rest = ''
    } else if (dashes.test(rest)) {
      const { name, value, after } = readOption(rest, usage)
      if (options.has(name)) throw invalid(`\`--${name}\` is given twice.`, 'Give it once.')
      options.set(name, value)
      rest = skipBlanks(after)
    } else {
      const word = firstWord(rest)
      words.push(word)
      rest = skipBlanks(rest.slice(word.length))
    }
  }
  return { words, options, parameters }
}

interface Option {
  readonly name: OptionName
  readonly value: string
  /** What follows it. */
  readonly after: string
}

/** Reads `--name`, `--name value` or `--name=value` at the beginning of a text. */
function readOption(text: string, usage: Usage): Option {
  const [whole = '', written = ''] = /^(?:--|[–—])([^ \t=]*)/.exec(text) ?? []
  const name = usage.options.find(known => known === written)
  if (name === undefined || !whole.startsWith('--')) throw unknownOption(whole, written, usage)
  const rest = text.slice(whole.length)
  if (optionValues[name] === '') {
    if (rest.startsWith('=')) throw invalid(`\`--${name}\` takes no value.`, `Write \`--${name}\` alone.`)
    return { name, value: '', after: rest }
  }
  const value = name === 'reason' ? readReason(rest.replace(/^=/, '')) : readValue(rest.replace(/^=/, ''))
  if (value.text === '') {
    throw invalid(`\`--${name}\` has no value.`, `Write \`--${name} ${optionValues[name]}\`.`)
  }
  return { name, value: value.text, after: value.after }
}

interface Value {
  readonly text: string
  readonly after: string
}

function readValue(rest: string): Value {
  const start = skipBlanks(rest)
  const text = dashes.test(start) ? '' : firstWord(start)
  return { text, after: start.slice(text.length) }
}

/** In quotes, or up to the next option or the end: an option must never vanish in a sentence. */
function readReason(rest: string): Value {
  const start = skipBlanks(rest)
  const reason = start.startsWith('"')
    ? quoted(start, '"')
    : start.startsWith('“')
      ? quoted(start, '”')
      : unquoted(start)
  if (reason.text.length <= longestReason) return reason
  throw invalid(
    `The reason has ${reason.text.length} characters; ${longestReason} were expected at most.`,
    'Shorten it.',
  )
}

function quoted(start: string, mark: string): Value {
  const end = start.indexOf(mark, 1)
  const after = start.slice(end + 1)
  if (end === -1) throw invalid(`The reason begins with a quote that never ends.`, `Write \`${mark}\` after it.`)
  if (after !== '' && !/^[ \t]/.test(after)) {
    throw invalid(
      `Nothing was expected right after the quoted reason, and ${excerpt(firstWord(after))} came.`,
      'Leave it out.',
    )
  }
  return { text: start.slice(1, end).trim(), after }
}

function unquoted(start: string): Value {
  const end = start.search(/(?<=^|[ \t])(?:--|[–—][a-z])/)
  const text = end === -1 ? start : start.slice(0, end)
  return { text: text.trim(), after: start.slice(text.length) }
}

function unknownOption(whole: string, written: string, usage: Usage): RingwayError {
  const meant = closest(written, usage.options)
  const known = usage.options.map(option => `\`--${option}\``)
  return invalid(
    `This command has no option ${excerpt(whole)}.`,
    meant !== undefined
      ? `Did you mean \`--${meant}\`?`
      : known.length === 0
        ? 'It has none; leave it out.'
        : `It has ${known.join(', ')}.`,
  )
}

/**
 * The duration of `--for`.
 *
 * @throws {RingwayError} `command_invalid`
 */
export function readDurationOption(options: Arguments['options']): DurationMs | undefined {
  const text = options.get('for')
  if (text === undefined) return undefined
  const read = durationPattern.test(text) ? readDuration(text) : undefined
  if (read?.ok === true && read.value > 0) return read.value
  const likely = likelyDuration(text)[0]
  throw invalid(
    `\`--for\` ${read?.ok === false ? read.message : `is ${excerpt(text)}; a duration with its unit was expected`}.`,
    likely === undefined ? 'Write it as `30m`, `2h` or `1d`.' : `Write \`--for ${likely}\`.`,
  )
}

function firstWord(text: string): string {
  return /^[^ \t]*/.exec(text)?.[0] ?? ''
}

function skipBlanks(text: string): string {
  return text.replace(/^[ \t]+/, '')
}
