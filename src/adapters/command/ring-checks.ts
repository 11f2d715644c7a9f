import type { Check } from '../../domain/ring.ts'
import type { CheckOutcome, CheckRunner } from '../../ports/check-runner.ts'
import type { Placement } from '../../ports/target.ts'
import { runHttpCheck } from '../http/http-check.ts'
import { type CommandSurroundings, howItEnded } from './command-target.ts'
import { withPlacementEnvironment } from './placement-environment.ts'
import { runShellCommand } from './shell-command.ts'

/** Runs a ring's checks from this machine: it reaches what the job reaches. */
export function createCheckRunner(surroundings: CommandSurroundings): CheckRunner {
  return {
    run: (check, { placement, url }) =>
      check.kind === 'http'
        ? runHttp(check, url, surroundings.signal)
        : runCommand(check, { placement, url, surroundings }),
  }
}

async function runHttp(
  check: Extract<Check, { kind: 'http' }>,
  base: string | undefined,
  signal: AbortSignal | undefined,
): Promise<CheckOutcome> {
  const url = absoluteUrl(check.url, base)
  if (url === undefined) {
    return {
      kind: 'errored',
      words: `the check asks ${check.url}, and the target reported no URL for this version (write url=… to $RINGWAY_OUTPUT)`,
      evidence: '',
      attempts: 0,
      tookMs: 0,
    }
  }
  return await runHttpCheck({ url, expect: check.expect, withinMs: check.within, signal })
}

/** A path stands below the version's own URL, which may itself have a path. */
function absoluteUrl(url: string, base: string | undefined): string | undefined {
  if (!url.startsWith('/')) return url
  return base === undefined ? undefined : `${base.replace(/\/+$/, '')}${url}`
}

async function runCommand(
  check: Extract<Check, { kind: 'run' }>,
  place: { placement: Placement; url: string | undefined; surroundings: CommandSurroundings },
): Promise<CheckOutcome> {
  const { placement, url, surroundings } = place
  const started = performance.now()
  for (let attempt = 1; ; attempt += 1) {
    const left = Math.max(Math.round(check.within - (performance.now() - started)), 1)
    const end = await withPlacementEnvironment(surroundings.environment, placement, ({ variables }) =>
      runShellCommand({
        line: check.run,
        directory: placement.directory,
        environment: { ...variables, RINGWAY_COMMAND: 'check', RINGWAY_URL: url ?? '' },
        deadlineMs: left,
        signal: surroundings.signal,
        onLine: surroundings.onLine,
      }),
    )
    const passed = end.kind === 'exited' && end.exitCode === 0
    // A deadline that has passed, a cancelled job and a command that cannot start do not get better by trying.
    if (!passed && end.kind === 'exited' && attempt <= check.retries) continue
    return {
      kind: passed ? 'passed' : end.kind === 'not_started' || end.kind === 'aborted' ? 'errored' : 'failed',
      words: `\`${check.run}\` ${passed ? 'passed' : howItEnded(end, check.within)}`,
      evidence: end.tail,
      attempts: attempt,
      tookMs: Math.round(performance.now() - started),
    }
  }
}
