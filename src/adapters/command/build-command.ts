import { resolve } from 'node:path'
import type { BuildCommand } from '../../ports/build-command.ts'
import { type CommandSurroundings, howItEnded } from './command-target.ts'
import { withoutInputs } from './placement-environment.ts'
import { runShellCommand } from './shell-command.ts'

/** The job's own time limit is what ends a build; this only keeps a forgotten one from running for ever. */
const deadlineMs = 6 * 60 * 60 * 1000

/** Runs build commands in the working tree below `root`. */
export function createBuildCommand(root: string, surroundings: CommandSurroundings): BuildCommand {
  return {
    async run(line, { directory }) {
      const end = await runShellCommand({
        line,
        directory: resolve(root, directory),
        environment: withoutInputs(surroundings.environment),
        deadlineMs,
        signal: surroundings.signal,
        onLine: surroundings.onLine,
      })
      if (end.kind === 'exited' && end.exitCode === 0) return { kind: 'done' }
      return { kind: 'failed', words: `\`${line}\` ${howItEnded(end, deadlineMs)}`, evidence: end.tail }
    },
  }
}
