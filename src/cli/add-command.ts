import type { Command } from 'commander'
import { createTerminal, runCommand, type Terminal } from './terminal.ts'

/** The options that every command has. */
export interface Common {
  readonly json?: true
}

/** Adds a command of the program; what it needs is loaded only when it runs. */
export function add<Options extends Common>(
  command: Command,
  run: (terminal: Terminal, call: { readonly options: Options; readonly args: readonly string[] }) => Promise<number>,
): void {
  command.option('--json', 'print one JSON document for programs').action(async (...given: unknown[]) => {
    const options = command.opts<Options>()
    const terminal = createTerminal({ json: options.json === true })
    const args = given.filter(one => typeof one === 'string')
    await runCommand(terminal, () => run(terminal, { options, args }))
  })
}
