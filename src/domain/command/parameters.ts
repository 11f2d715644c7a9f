import { isParameter, mostParameters, parameterVariable } from '../promotion-parameters.ts'
import type { RingwayError } from '../ringway-error.ts'
import type { Parameters } from './command.ts'
import { excerpt, invalid } from './invalid.ts'

/**
 * Reads `key=value key=value`. Keys begin with a letter and have 40 characters at most; values have 200 at most, of letters, digits and
 * `. _ : / @ + , = -`: what a shell or a template could take for its own never gets in.
 *
 * @throws {RingwayError} `command_invalid`
 */
export function readParameters(text: string): Parameters {
  const pairs = new Map<string, string>()
  for (const word of text.split(/[ \t]+/).filter(one => one !== '')) {
    const [, key, value] = /^([^=]*)=(.*)$/.exec(word) ?? []
    if (key === undefined || value === undefined || !isParameter(key, value)) {
      throw invalid(
        `${excerpt(word)} is no parameter: \`key=value\` was expected, with a value of letters, digits and \`. _ : / @ + , = -\`.`,
        'Write each parameter as `key=value`, without blanks or quotes.',
      )
    }
    const same = [...pairs.keys()].find(other => parameterVariable(other) === parameterVariable(key))
    if (same !== undefined) throw givenTwice(key, same)
    pairs.set(key, value)
  }
  if (pairs.size === 0) throw invalid('No parameter follows `--`.', 'Write `-- key=value`, or leave it out.')
  if (pairs.size > mostParameters) {
    throw invalid(`There are ${pairs.size} parameters; ${mostParameters} were expected at most.`, 'Leave some out.')
  }
  return Object.fromEntries(pairs)
}

/** The ring's commands get them as environment variables, whose names know neither case nor dashes. */
function givenTwice(key: string, same: string): RingwayError {
  return key === same
    ? invalid(`The parameter \`${key}\` is given twice.`, 'Give it once.')
    : invalid(`The parameters \`${same}\` and \`${key}\` are both ${parameterVariable(key)}.`, 'Give one of them.')
}
