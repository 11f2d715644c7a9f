import { getInput, saveState, setFailed, setSecret } from '@actions/core'
import { readActionsRun } from '../src/adapters/actions/current-run.ts'
import { createSystemClock } from '../src/adapters/clock/system-clock.ts'
import { isFinal } from '../src/domain/deployment.ts'
import { type RunResult, resultOfError } from '../src/domain/result.ts'
import { RingwayError } from '../src/domain/ringway-error.ts'
import { connectGithub } from './connect-github.ts'
import { readInputs } from './inputs.ts'
import { publishResult } from './publish-result.ts'

/** What a run ended in, and the store that it worked with. */
interface Ended {
  readonly result: RunResult
  readonly store?: string
}

/** One run of the Action: inputs in, one result out, whatever happens between. */
export async function runAction(): Promise<void> {
  const cancel = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cancel.abort(cancelled()))
  const { result, store } = await runCommand(cancel.signal)
  // The post step need not ask about a deployment that has come to its end.
  if (result.state === 'active' || (result.state !== undefined && isFinal(result.state))) saveState('deployment', '')
  await publishResult(result, store)
  if (result.decision !== 'done' && result.decision !== 'nothing') setFailed(result.message)
}

async function runCommand(signal: AbortSignal): Promise<Ended> {
  let command = 'ringway'
  try {
    const inputs = readInputs(getInput)
    command = inputs.command
    for (const secret of [inputs.token, inputs.storePassword]) if (secret !== undefined) setSecret(secret)
    const run = readActionsRun(process.env)
    const clock = createSystemClock(signal)
    const github = await connectGithub(inputs, run, clock)
    const { carryOut } = await import('./carry-out.ts')
    return await carryOut({ inputs, run, github, clock, signal })
  } catch (error) {
    return { result: resultOfError(command, asRingwayError(error, signal)) }
  }
}

function asRingwayError(error: unknown, signal: AbortSignal): RingwayError {
  if (signal.aborted) return cancelled()
  if (error instanceof RingwayError) return error
  return new RingwayError({
    code: 'internal_error',
    kind: 'errored',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Please report this with the log of the step.',
    cause: error,
  })
}

function cancelled(): RingwayError {
  return new RingwayError({
    code: 'cancelled',
    message: 'The job was cancelled.',
    remedy: 'Re-run it, or start a new run, when it should go on.',
  })
}
