import { spawnSync } from 'node:child_process'

/** What git prints, without its last line break; undefined when it ends with an error. */
export function git(directory: string, args: readonly string[]): string | undefined {
  const done = spawnSync('git', ['-C', directory, ...args], { encoding: 'utf8' })
  return done.status === 0 ? done.stdout.replace(/\n$/, '') : undefined
}
