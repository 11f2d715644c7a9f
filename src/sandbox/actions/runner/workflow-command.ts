/** A `::name key=value::data` line that a step printed for the runner. */
export interface WorkflowCommand {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

/** The command in a line of output; undefined when the line is ordinary output. */
export function parseWorkflowCommand(line: string): WorkflowCommand | undefined {
  const match = /^\s*::([^\s:]+)(?:\s+([^]*?))?::([^]*)$/.exec(line)
  const name = match?.[1]
  if (match === null || name === undefined) return undefined
  return { name: name.toLowerCase(), properties: readProperties(match[2] ?? ''), data: unescapeData(match[3] ?? '') }
}

function readProperties(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').flatMap(pair => {
    const at = pair.indexOf('=')
    return at <= 0 ? [] : [[pair.slice(0, at).trim(), unescapeProperty(pair.slice(at + 1))] as const]
  })
  return Object.fromEntries(pairs)
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))
}

// `%25` last: otherwise an escaped percent sign would open a second escape.
function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}
