import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs git and gives what it prints. Never blocks: the server that git talks to may be this very process. */
export async function runGit(directory: string, args: readonly string[]): Promise<string> {
  const run = promisify(execFile)
  try {
    const { stdout } = await run('git', ['-C', directory, ...args], {
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    })
    return stdout.trim()
  } catch (error) {
    const words = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    throw new Error(`git ${args.find(arg => /^[a-z]/.test(arg) && !arg.includes('=')) ?? ''} failed: ${words.trim()}`)
  }
}
