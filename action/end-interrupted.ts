import { getInput, getState, info, setFailed } from '@actions/core'
import { readActionsRun } from '../src/adapters/actions/current-run.ts'
import { RingwayError } from '../src/domain/ringway-error.ts'
import { finish } from '../src/engine/finish.ts'
import { compose } from './compose.ts'
import { readInputs } from './inputs.ts'

/** The post step: a deployment whose run was cancelled or killed still comes to its end. It does nothing after a run that ended well. */
export async function endInterrupted(): Promise<void> {
  const deployment = Number(getState('deployment'))
  const environment = getState('environment')
  if (!Number.isInteger(deployment) || deployment <= 0) return
  const composition = await compose(readInputs(getInput), readActionsRun(process.env), new AbortController().signal)
  try {
    const state = await finish(composition.ports, { environment, deployment })
    if (state !== undefined) info(`Deployment ${deployment} was interrupted; it is ${state} now.`)
  } catch (error) {
    const remedy = error instanceof RingwayError ? ` ${error.remedy}` : ''
    setFailed(
      `Deployment ${deployment} could not be ended: ${error instanceof Error ? error.message : String(error)}${remedy}`,
    )
  } finally {
    composition.close()
  }
}
