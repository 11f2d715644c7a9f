import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The files through which one step speaks to the runner, by the variable that names them. */
export interface FileCommands {
  readonly environment: Readonly<Record<string, string>>
  /** Reads what the step wrote and deletes the files. */
  collect(): Promise<CollectedCommands>
}

export interface CollectedCommands {
  readonly outputs: ReadonlyMap<string, string>
  readonly variables: ReadonlyMap<string, string>
  readonly state: ReadonlyMap<string, string>
  readonly paths: readonly string[]
  readonly summary: string
  /** What could not be understood; each one fails the step, as on GitHub. */
  readonly problems: readonly string[]
}

// GitHub refuses a larger summary of one step.
const MAX_SUMMARY_BYTES = 1024 * 1024

const VARIABLES = {
  outputs: 'GITHUB_OUTPUT',
  variables: 'GITHUB_ENV',
  state: 'GITHUB_STATE',
  paths: 'GITHUB_PATH',
  summary: 'GITHUB_STEP_SUMMARY',
} as const

type Channel = keyof typeof VARIABLES

export async function createFileCommands(directory: string): Promise<FileCommands> {
  await mkdir(directory, { recursive: true })
  const id = randomUUID()
  const pathOf = (channel: Channel) => join(directory, `${channel}_${id}`)
  const channels: readonly Channel[] = ['outputs', 'variables', 'state', 'paths', 'summary']
  await Promise.all(channels.map(channel => writeFile(pathOf(channel), '')))
  return {
    environment: Object.fromEntries(channels.map(channel => [VARIABLES[channel], pathOf(channel)])),
    collect: async () => {
      const texts = await Promise.all(channels.map(channel => readFile(pathOf(channel), 'utf8').catch(() => '')))
      await Promise.all(channels.map(channel => rm(pathOf(channel), { force: true })))
      const [outputs = '', variables = '', state = '', paths = '', summary = ''] = texts
      return collected({ outputs, variables, state, paths, summary })
    },
  }
}

function collected(texts: Readonly<Record<Channel, string>>): CollectedCommands {
  const problems: string[] = []
  const read = (channel: Channel) => {
    const result = readAssignments(texts[channel])
    if (result.problem !== undefined)
      problems.push(`Unable to process file command '${channelWord(channel)}' successfully. ${result.problem}`)
    return result.values
  }
  const isTooLarge = Buffer.byteLength(texts.summary) > MAX_SUMMARY_BYTES
  if (isTooLarge) problems.push('$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k.')
  return {
    outputs: read('outputs'),
    variables: read('variables'),
    state: read('state'),
    paths: texts.paths.split(/\r?\n/).filter(line => line !== ''),
    summary: isTooLarge ? '' : texts.summary,
    problems,
  }
}

function channelWord(channel: Channel): string {
  return { outputs: 'output', variables: 'env', state: 'state', paths: 'path', summary: 'summary' }[channel]
}

/** `NAME=value` lines and `NAME<<DELIMITER` blocks. */
function readAssignments(text: string): {
  readonly values: ReadonlyMap<string, string>
  readonly problem: string | undefined
} {
  const values = new Map<string, string>()
  const lines = text.split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      if (equals === 0) return { values, problem: `Invalid format '${line}'. Name must not be empty` }
      values.set(line.slice(0, equals), line.slice(equals + 1))
      continue
    }
    if (heredoc <= 0) return { values, problem: `Invalid format '${line}'` }
    const delimiter = line.slice(heredoc + 2)
    const end = lines.indexOf(delimiter, at + 1)
    if (delimiter === '' || end < 0)
      return { values, problem: `Invalid value. Matching delimiter not found '${delimiter}'` }
    values.set(line.slice(0, heredoc), lines.slice(at + 1, end).join('\n'))
    at = end
  }
  return { values, problem: undefined }
}
