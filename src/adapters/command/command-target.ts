import { readFile } from 'node:fs/promises'
import type { CommandTarget } from '../../domain/ring.ts'
import type { Placement, TargetDriver, TargetOutcome } from '../../ports/target.ts'
import { withPlacementEnvironment } from './placement-environment.ts'
import { runShellCommand } from './shell-command.ts'

/** Where commands run and what they print is shown. */
export interface CommandSurroundings {
  /** The environment that commands inherit, without what is the Action's alone. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly onLine: (line: string) => void
  readonly signal?: AbortSignal | undefined
}

/** What a command is asked to do: `RINGWAY_COMMAND`. */
type Verb = 'deploy' | 'activate' | 'rollback' | 'undeploy'

/** The target `command`: the user's own command lines, run inside the unpacked artifact. */
export function createCommandTarget(surroundings: CommandSurroundings): TargetDriver {
  const run = (verb: Verb, line: string, placement: Placement): Promise<TargetOutcome> =>
    runVerb({ verb, line, placement, surroundings })
  const undo = (target: CommandTarget): string => target.rollback ?? target.run
  return {
    place: (target, placement) => run('deploy', target.run, placement),
    activate: async (target, placement) =>
      target.activate === undefined ? { kind: 'done' } : await run('activate', target.activate, placement),
    restore: (target, placement) => run('rollback', undo(target), placement),
    remove: async (target, placement) =>
      target.rollback === undefined ? { kind: 'done' } : await run('undeploy', target.rollback, placement),
  }
}

async function runVerb(step: {
  verb: Verb
  line: string
  placement: Placement
  surroundings: CommandSurroundings
}): Promise<TargetOutcome> {
  const { verb, line, placement, surroundings } = step
  return await withPlacementEnvironment(surroundings.environment, placement, async ({ variables, outputFile }) => {
    const end = await runShellCommand({
      line,
      directory: placement.directory,
      environment: { ...variables, RINGWAY_COMMAND: verb },
      deadlineMs: placement.deadline,
      signal: surroundings.signal,
      onLine: surroundings.onLine,
    })
    if (end.kind === 'exited' && end.exitCode === 0) return readOutput(await readFile(outputFile, 'utf8'))
    return { kind: 'failed', words: `\`${line}\` (${verb}) ${howItEnded(end, placement.deadline)}`, evidence: end.tail }
  })
}

/** How a command that did not succeed ended, as the rest of a sentence. */
export function howItEnded(end: { kind: string; exitCode: number }, deadlineMs: number): string {
  switch (end.kind) {
    case 'timed_out':
      return `did not end within ${Math.round(deadlineMs / 1000)} s and was stopped`
    case 'aborted':
      return 'was stopped, because the job was cancelled'
    case 'not_started':
      return 'could not be started'
    default:
      return `ended with exit code ${end.exitCode}`
  }
}

function readOutput(text: string): TargetOutcome {
  const urls = text
    .split('\n')
    .filter(line => line.startsWith('url='))
    .map(line => line.slice('url='.length).trim())
  const url = urls.at(-1)
  if (url === undefined || url === '') return { kind: 'done' }
  if (/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return { kind: 'done', url }
  return {
    kind: 'failed',
    words: `the command wrote url=${url.slice(0, 200)} to $RINGWAY_OUTPUT, which is no http or https URL`,
    evidence: '',
  }
}
