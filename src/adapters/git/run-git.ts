import { execFile } from 'node:child_process'

/** How git ended. */
export interface GitEnd {
  readonly exitCode: number
  readonly stdout: string
  /** Without the last line break. */
  readonly stderr: string
}

/** Set where git runs a hook: they would lead every other git away from its directory. */
const ofAnotherRepository = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_PREFIX',
]

/** Bytes: the tags of some hundred thousand versions. */
const mostOutput = 128 * 1024 * 1024

/**
 * Runs git in a directory. It never asks anybody for a password, and says what went wrong in English.
 *
 * @throws {Error} when git cannot be started
 */
export function runGit(directory: string, args: readonly string[]): Promise<GitEnd> {
  const environment = { ...process.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' }
  for (const name of ofAnotherRepository) Reflect.deleteProperty(environment, name)
  return new Promise((resolve, reject) => {
    const options = { cwd: directory, env: environment, maxBuffer: mostOutput }
    execFile('git', [...args], options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(error)
      else resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr: stderr.trimEnd() })
    })
  })
}

/** @throws {Error} with git's own words when it ends with an error */
export async function readGit(directory: string, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runGit(directory, args)
  if (exitCode === 0) return stdout
  throw new Error(`git ${args[0] ?? ''} in ${directory} ended with exit code ${exitCode}: ${stderr}`)
}
