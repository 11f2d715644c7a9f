import { getInput, getState, info, setFailed } from '@actions/core'
import { readActionsRun } from '../src/adapters/actions/current-run.ts'
import { createSystemClock } from '../src/adapters/clock/system-clock.ts'
import type { DeploymentState } from '../src/domain/deployment.ts'
import { RingwayError } from '../src/domain/ringway-error.ts'
import type { RunParts } from './compose.ts'
import { connectGithub } from './connect-github.ts'
import { readInputs } from './inputs.ts'

/** The post step: a deployment whose run was cancelled or killed still comes to its end. It does nothing after a run that ended well. */
export async function endInterrupted(): Promise<void> {
  const deployment = Number(getState('deployment'))
  const memory = getState('assignment')
  if (memory !== '') await endOne('The deployment', parts => finishForApp(parts, memory))
  if (!Number.isInteger(deployment) || deployment <= 0) return
  await endOne(`Deployment ${deployment}`, parts => finishAlone(parts, deployment))
}

async function endOne(name: string, finish: (parts: RunParts) => Promise<DeploymentState | undefined>): Promise<void> {
  try {
    const inputs = readInputs(getInput)
    const run = readActionsRun(process.env)
    const clock = createSystemClock()
    const github = await connectGithub(inputs, run, clock)
    const state = await finish({ inputs, run, github, clock, signal: new AbortController().signal })
    if (state !== undefined) info(`${name} was interrupted; it is ${state} now.`)
  } catch (error) {
    const remedy = error instanceof RingwayError ? ` ${error.remedy}` : ''
    setFailed(`${name} could not be ended: ${error instanceof Error ? error.message : String(error)}${remedy}`)
  }
}

async function finishAlone(parts: RunParts, deployment: number): Promise<DeploymentState | undefined> {
  const { compose } = await import('./compose.ts')
  const { finish } = await import('../src/engine/finish.ts')
  const composition = compose(parts)
  try {
    return await finish(composition.ports, { environment: getState('environment'), deployment })
  } finally {
    composition.close()
  }
}

async function finishForApp(parts: RunParts, memory: string): Promise<DeploymentState> {
  const { compose } = await import('./compose.ts')
  const { finishThroughApp } = await import('./carry-out-through-app.ts')
  const composition = compose(parts)
  try {
    return await finishThroughApp(parts, composition.ports, memory)
  } finally {
    composition.close()
  }
}
