import { getInput, setFailed, setSecret } from '@actions/core'
import { type ActionsRun, readActionsRun } from '../src/adapters/actions/current-run.ts'
import { type RunResult, resultOfError } from '../src/domain/result.ts'
import { RingwayError } from '../src/domain/ringway-error.ts'
import { build } from '../src/engine/build.ts'
import { deploy } from '../src/engine/deploy.ts'
import { findPlace } from '../src/engine/find-place.ts'
import { appOnly, promote } from '../src/engine/promote.ts'
import { readRings } from '../src/engine/read-rings.ts'
import { rollback } from '../src/engine/rollback.ts'
import { status } from '../src/engine/status.ts'
import { verify } from '../src/engine/verify.ts'
import { type Composition, compose } from './compose.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { publishResult } from './publish-result.ts'

/** One run of the Action: inputs in, one result out, whatever happens between. */
export async function runAction(): Promise<void> {
  const cancel = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cancel.abort(cancelled()))
  let command = 'ringway'
  let store: string | undefined
  let composition: Composition | undefined
  let result: RunResult
  try {
    const inputs = readInputs(getInput)
    command = inputs.command
    for (const secret of [inputs.token, inputs.storePassword]) if (secret !== undefined) setSecret(secret)
    const run = readActionsRun(process.env)
    composition = await compose(inputs, run, cancel.signal)
    store = composition.ports.artifacts.location
    result = await carryOut({ inputs, run, composition })
  } catch (error) {
    result = resultOfError(command, asRingwayError(error, cancel.signal))
  } finally {
    composition?.close()
  }
  await publishResult(result, store)
  if (result.decision !== 'done' && result.decision !== 'nothing') setFailed(result.message)
}

async function carryOut(work: { inputs: Inputs; run: ActionsRun; composition: Composition }): Promise<RunResult> {
  const { inputs, run, composition } = work
  if (inputs.appUrl !== undefined) throw appOnly('app-url')
  const { ports } = composition
  switch (inputs.command) {
    case 'build':
      return await build(ports, { ...inputs, pullRequest: run.pullRequest })
    case 'deploy':
      return await deploy(ports, inputs)
    case 'promote':
      return await promote(ports, inputs)
    case 'rollback':
      return await rollback(ports, inputs)
    case 'verify':
      return await verify(ports, {
        solution: inputs.solution ?? findPlace(await readRings(ports), inputs.environment).solution.name,
        artifact: inputs.artifact,
      })
    case 'status':
      return await status(ports)
    case 'incident':
      throw appOnly('incident')
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
