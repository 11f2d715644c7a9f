import { spawn } from 'node:child_process'

/** git ended with another code than 0. */
export class GitError extends Error {
  override readonly name = 'GitError'
  readonly exitCode: number | null
  readonly stderr: string

  constructor(failure: { args: readonly string[]; exitCode: number | null; stderr: string }) {
    super(`git ${failure.args[0] ?? ''} ended with ${failure.exitCode ?? 'a signal'}: ${failure.stderr.trim()}`)
    this.exitCode = failure.exitCode
    this.stderr = failure.stderr
  }
}

export interface GitCall {
  readonly directory: string
  readonly args: readonly string[]
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
}

/**
 * The environment of every git that the sandbox starts: nothing of the machine's configuration, because a user's hooks
 * or signing settings would change what the sandbox does.
 */
export const GIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  // An adopted repository may belong to another user than the one who rehearses.
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'safe.directory',
  GIT_CONFIG_VALUE_0: '*',
  // Its hooks are the user's own, for their own pushes.
  GIT_CONFIG_KEY_1: 'core.hooksPath',
  GIT_CONFIG_VALUE_1: '/dev/null',
}

/**
 * Runs git and gives its standard output.
 *
 * @throws {GitError} when git ends with another code than 0
 */
export function runGit(call: GitCall): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-C', call.directory, ...call.args], {
      env: { ...GIT_ENVIRONMENT, ...call.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    // git may end before it has read all of its input; its exit code tells the story, not the broken pipe.
    child.stdin.on('error', () => undefined)
    child.on('close', exitCode => {
      if (exitCode === 0) resolve(Buffer.concat(out))
      else reject(new GitError({ args: call.args, exitCode, stderr: Buffer.concat(err).toString('utf8') }))
    })
    child.stdin.end(call.input)
  })
}
