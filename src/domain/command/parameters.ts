import type { Parameters } from './command.ts'
import { excerpt, invalid } from './invalid.ts'

const most = 20

/**
 * Reads `key=value key=value`. Keys begin with a letter and have 40 characters at most; values have 200 at most, of letters, digits and
 * `. _ : / @ + , = -`: what a shell or a template could take for its own never gets in, though neither ever sees them.
 *
 * @throws {RingwayError} `command_invalid`
 */
export function readParameters(text: string): Parameters {
  const pairs = new Map<string, string>()
  for (const word of text.split(/[ \t]+/).filter(one => one !== '')) {
    const [, key, value] = /^([A-Za-z][A-Za-z0-9_-]{0,39})=([A-Za-z0-9._:/@+,=-]{1,200})$/.exec(word) ?? []
    if (key === undefined || value === undefined) {
      throw invalid(
        `${excerpt(word)} is no parameter: \`key=value\` was expected, with a value of letters, digits and \`. _ : / @ + , = -\`.`,
        'Write each parameter as `key=value`, without blanks or quotes.',
      )
    }
    if (pairs.has(key)) throw invalid(`The parameter \`${key}\` is given twice.`, 'Give it once.')
    pairs.set(key, value)
  }
  if (pairs.size === 0) throw invalid('No parameter follows `--`.', 'Write `-- key=value`, or leave it out.')
  if (pairs.size > most) {
    throw invalid(`There are ${pairs.size} parameters; ${most} were expected at most.`, 'Leave some out.')
  }
  return Object.fromEntries(pairs)
}
