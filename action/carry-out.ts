import type { RunResult } from '../src/domain/result.ts'
import { appOnly } from '../src/engine/app-only.ts'
import { deploy } from '../src/engine/deploy.ts'
import type { DeployPorts } from '../src/engine/deploy-ports.ts'
import { findPlace } from '../src/engine/find-place.ts'
import { promote } from '../src/engine/promote.ts'
import { readRings } from '../src/engine/read-rings.ts'
import { rollback } from '../src/engine/rollback.ts'
import { status } from '../src/engine/status.ts'
import { verify } from '../src/engine/verify.ts'
import { compose, type RunParts } from './compose.ts'
import type { Command } from './inputs.ts'

/** Carries out one command. */
export async function carryOut(parts: RunParts): Promise<{ readonly result: RunResult; readonly store: string }> {
  const composition = compose(parts)
  const { ports } = composition
  try {
    return { result: await command(parts, ports), store: ports.artifacts.location }
  } finally {
    composition.close()
  }
}

async function command(parts: RunParts, ports: DeployPorts): Promise<RunResult> {
  const { inputs } = parts
  switch (inputs.command) {
    case 'verify':
      return await verify(ports, {
        solution: inputs.solution ?? findPlace(await readRings(ports), inputs.environment).solution.name,
        artifact: inputs.artifact,
      })
    case 'incident':
      throw appOnly('incident')
    default: {
      if (inputs.appUrl === undefined) return await alone(parts, ports, inputs.command)
      const { carryOutThroughApp } = await import('./carry-out-through-app.ts')
      return await carryOutThroughApp(parts, ports, { command: inputs.command, appUrl: inputs.appUrl })
    }
  }
}

/** Without an App: GitHub is the only memory. */
async function alone(
  parts: RunParts,
  ports: DeployPorts,
  name: Exclude<Command, 'verify' | 'incident'>,
): Promise<RunResult> {
  const { inputs, run } = parts
  switch (name) {
    case 'build': {
      // Compiling and packing are a third of the Action, and no other command has a use for them.
      const { composeBuild } = await import('./compose-build.ts')
      const { build } = await import('../src/engine/build.ts')
      const { sendIntoFirstRings } = await import('../src/engine/send-into-first-rings.ts')
      const building = composeBuild(parts, ports)
      return await build(building, { ...inputs, pullRequest: run.pullRequest }, sendIntoFirstRings(building))
    }
    case 'deploy':
      return await deploy(ports, inputs)
    case 'promote':
      return await promote(ports, inputs)
    case 'rollback':
      return await rollback(ports, inputs)
    case 'status':
      return await status(ports)
  }
}
