import { getInput, getState, info, setFailed } from '@actions/core'
import { readActionsRun } from '../src/adapters/actions/current-run.ts'
import { createSystemClock } from '../src/adapters/clock/system-clock.ts'
import type { DeploymentState } from '../src/domain/deployment.ts'
import { RingwayError } from '../src/domain/ringway-error.ts'
import { connectGithub } from './connect-github.ts'
import { readInputs } from './inputs.ts'

/** The post step: a deployment whose run was cancelled or killed still comes to its end. It does nothing after a run that ended well. */
export async function endInterrupted(): Promise<void> {
  const deployment = Number(getState('deployment'))
  const environment = getState('environment')
  if (!Number.isInteger(deployment) || deployment <= 0) return
  try {
    const state = await end({ environment, deployment })
    if (state !== undefined) info(`Deployment ${deployment} was interrupted; it is ${state} now.`)
  } catch (error) {
    const remedy = error instanceof RingwayError ? ` ${error.remedy}` : ''
    setFailed(
      `Deployment ${deployment} could not be ended: ${error instanceof Error ? error.message : String(error)}${remedy}`,
    )
  }
}

async function end(lost: { environment: string; deployment: number }): Promise<DeploymentState | undefined> {
  const inputs = readInputs(getInput)
  const run = readActionsRun(process.env)
  const clock = createSystemClock()
  const github = await connectGithub(inputs, run, clock)
  const { compose } = await import('./compose.ts')
  const { finish } = await import('../src/engine/finish.ts')
  const composition = compose({ inputs, run, github, clock, signal: new AbortController().signal })
  try {
    return await finish(composition.ports, lost)
  } finally {
    composition.close()
  }
}
