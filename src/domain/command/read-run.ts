import type { Json } from '../manifest.ts'
import type { RunCommand } from './command.ts'
import { excerpt, invalid } from './invalid.ts'
import { jsonFault } from './json-fault.ts'

/**
 * Reads what follows the verb of a run: `triage {…}`, `support/triage --ring staging {…}`. The rest of the line is JSON.
 *
 * @throws {RingwayError} `command_invalid`
 */
export function readRun(text: string): RunCommand {
  const [, name = '', rest = ''] = /^([^ \t]*)[ \t]*(.*)$/.exec(text.trim()) ?? []
  const [, solution, component] = /^(?:([a-z][a-z0-9-]*)\/)?([a-z][a-z0-9-]*)$/i.exec(name) ?? []
  if (component === undefined) {
    throw invalid(
      name === '' ? 'The component is missing.' : `${excerpt(name)} is no name of a component.`,
      'Name a component of the ring file, such as `triage` or `support/triage`.',
    )
  }
  const [, ring, json = rest] = /^--ring(?:=|[ \t]+)([^ \t]*)[ \t]*(.*)$/.exec(rest) ?? []
  if (ring !== undefined && !/^[a-z][a-z0-9-]*$/i.test(ring)) {
    throw invalid(`${excerpt(ring)} is no name of a ring.`, 'Name the ring alone; it is one of the same solution.')
  }
  return { kind: 'run', solution, component, ring, input: readInput(json) }
}

function readInput(json: string): Json {
  if (json === '') {
    throw invalid('The input is missing.', 'Write it as JSON after the component; `{}` is an empty one.')
  }
  const fault = jsonFault(json)
  if (fault !== undefined) {
    const rest = json.slice(fault.offset)
    throw invalid(
      `The input is no JSON that is taken: at character ${fault.offset + 1} of it, ${rest === '' ? 'the end' : excerpt(rest)}, ${fault.words}.`,
      'Correct it there.',
    )
  }
  const input: Json = JSON.parse(json)
  return input
}
