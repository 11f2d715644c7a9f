/** How a script file is run. */
export interface ShellCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly extension: string
}

/**
 * The command for a `shell:` value. Without one GitHub runs `bash -e`; with `bash` said aloud it adds `pipefail`. A
 * value with `{0}` is a command line of the user's own.
 */
export function shellCommand(shell: string | undefined, script: string): ShellCommand | undefined {
  if (shell === undefined || shell === '') return { command: 'bash', args: ['-e', script], extension: '.sh' }
  if (shell === 'bash')
    return { command: 'bash', args: ['--noprofile', '--norc', '-eo', 'pipefail', script], extension: '.sh' }
  if (shell === 'sh') return { command: 'sh', args: ['-e', script], extension: '.sh' }
  if (shell === 'python') return { command: 'python3', args: [script], extension: '.py' }
  if (!shell.includes('{0}')) return undefined
  const [command = '', ...args] = shell.split(/\s+/)
  return { command, args: args.map(argument => argument.replaceAll('{0}', script)), extension: '.sh' }
}
