import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { exitCodes } from '../../src/cli/exit-code.ts'
import { markdownTable } from './markdown-table.ts'

/** What of `docs/cli.md` comes from the program: what it says of itself, and its exit codes. */
export function cliBlocks(root: string): Readonly<Record<string, string>> {
  const overview = help(root, [])
  const commands = [...overview.matchAll(/^ {2}([a-z]+)\b.* {2}/gm)]
    .map(([, name = '']) => name)
    .filter(name => name !== 'help')
  return {
    help: [overview, ...commands.map(name => help(root, [name]))].map(fenced).join('\n\n'),
    'exit-codes': markdownTable(
      ['exit code', 'meaning'],
      Object.entries(exitCodes).map(([name, code]) => [`\`${code}\``, meaningOf(name)]),
    ),
  }
}

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'It was done, or there was nothing to do.',
  no: 'The answer is no: refused, failed, or problems were found.',
  usage: 'The command line, or a file that it names, is wrong.',
  errored: 'It could not be asked: a server or a store did not answer. Asking again may help.',
}

function meaningOf(name: string): string {
  return new Map(Object.entries(meanings)).get(name) ?? ''
}

function help(root: string, command: readonly string[]): string {
  const main = join(root, 'src', 'cli', 'main.ts')
  const done = spawnSync(process.execPath, [main, ...command, '--help'], { encoding: 'utf8' })
  if (done.status === 0) return done.stdout.trim()
  throw new Error(`ringway ${command.join(' ')} --help failed: ${done.stderr}`)
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``
}
