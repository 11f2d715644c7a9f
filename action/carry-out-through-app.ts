import type { DeploymentState } from '../src/domain/deployment.ts'
import type { RunResult } from '../src/domain/result.ts'
import type { DeployPorts } from '../src/engine/deploy-ports.ts'
import { carryOutAssignment } from '../src/engine/run/carry-out-assignment.ts'
import { finishAssignment } from '../src/engine/run/finish-assignment.ts'
import { promoteThroughApp } from '../src/engine/run/promote-through-app.ts'
import { rollbackThroughApp } from '../src/engine/run/rollback-through-app.ts'
import { statusResult } from '../src/engine/status.ts'
import type { RunParts } from './compose.ts'
import { composeForApp } from './compose-for-app.ts'
import type { Command } from './inputs.ts'
import { readMemory } from './run-memory.ts'

/** Carries out a command where there is an App: it decides, and it alone writes state. */
export async function carryOutThroughApp(
  parts: RunParts,
  outside: DeployPorts,
  { command, appUrl }: { readonly command: Exclude<Command, 'verify' | 'incident'>; readonly appUrl: string },
): Promise<RunResult> {
  const { inputs, run } = parts
  const ports = await composeForApp(parts, outside, appUrl)
  switch (command) {
    case 'build': {
      const { composeBuild } = await import('./compose-build.ts')
      const { build } = await import('../src/engine/build.ts')
      const { reportBuild } = await import('../src/engine/run/report-build.ts')
      const { pullRequest } = run
      return await build(
        composeBuild(parts, ports),
        { ...inputs, pullRequest },
        reportBuild(ports, pullRequest?.number),
      )
    }
    case 'deploy': {
      const { environment, promotion, artifact, reason, dryRun } = inputs
      // What would happen is asked as a promotion: to ask for work would be a beginning.
      if (dryRun) return await promoteThroughApp(ports, { command, environment, artifact, reason, dryRun })
      return await carryOutAssignment(ports, { command, environment, promotion, artifact, reason })
    }
    case 'promote': {
      const { environment, artifact, reason, dryRun } = inputs
      return await promoteThroughApp(ports, { command, environment, artifact, reason, dryRun })
    }
    case 'rollback':
      return await rollbackThroughApp(ports, inputs)
    case 'status':
      return statusResult(await ports.control.readRings())
  }
}

/**
 * Ends what a run of this job was at when it was cancelled or killed.
 *
 * @param memory - what the run left for its post step
 */
export async function finishThroughApp(
  parts: RunParts,
  outside: DeployPorts,
  memory: string,
): Promise<DeploymentState> {
  const ports = await composeForApp(parts, outside, parts.inputs.appUrl ?? '')
  return await finishAssignment(ports, readMemory(memory))
}
