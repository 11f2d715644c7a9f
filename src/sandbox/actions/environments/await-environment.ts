import { ensureEnvironment } from '../../deployments/ensure-environment.ts'
import type { Environment } from '../../world/environment.ts'
import type { ActionsRuntime } from '../runs/actions-runtime.ts'
import { moveJob } from '../runs/job-progress.ts'
import type { Job } from '../runs/workflow-run.ts'
import { announceGate } from './announce-gate.ts'
import { isRefAllowed } from './branch-policy.ts'
import { EnvironmentGate, type GateEnd } from './environment-gate.ts'
import { openJobDeployment } from './job-deployment.ts'
import type { JobEnvironment } from './job-environment.ts'

/** Takes a job through the protection of its environment; opens its Deployment on the way. */
export async function awaitEnvironment(runtime: ActionsRuntime, job: Job, wanted: JobEnvironment): Promise<GateEnd> {
  const environment = ensureEnvironment(runtime.world, job.run.repository, wanted.name)
  job.environment = environment.name
  const objection = objectionTo(job, environment, wanted)
  if (objection !== undefined) return { kind: 'refused', message: objection }

  const gate = new EnvironmentGate(environment, runtime.world.now())
  job.gate = gate
  if (wanted.deploys) openJobDeployment(runtime.world, job, environment.name)
  return gate.isWaiting ? await waitAt(runtime, job, gate) : await gate.ended
}

function objectionTo(job: Job, environment: Environment, wanted: JobEnvironment): string | undefined {
  const { ref } = job.run.trigger
  if (!isRefAllowed(job.run.repository, environment, ref)) {
    const name = ref.replace(/^refs\/(heads|tags)\//, '')
    return `Branch "${name}" is not allowed to deploy to ${environment.name} due to environment protection rules.`
  }
  if (!wanted.deploys && environment.customRules.some(rule => rule.enabled))
    return `The environment ${environment.name} has custom deployment protection rules, which need a deployment: \`deployment: false\` cannot be used with it.`
  return undefined
}

async function waitAt(runtime: ActionsRuntime, job: Job, gate: EnvironmentGate): Promise<GateEnd> {
  const { signal } = job.cancelled
  const close = () => gate.close()
  if (signal.aborted) gate.close()
  signal.addEventListener('abort', close, { once: true })
  moveJob(runtime, job, 'waiting')
  announceGate(runtime.world, job, gate)
  void gate.runTimer(runtime.world.clock, runtime.timings.minuteMs, signal)
  try {
    return await gate.ended
  } finally {
    signal.removeEventListener('abort', close)
  }
}
