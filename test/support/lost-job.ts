import { readdirSync, readFileSync } from 'node:fs'
import type { WorkflowRun } from '../../src/sandbox/actions/runs/workflow-run.ts'
import type { Workbench } from './workbench.ts'

/** How a job is lost: the process of the Action alone, so that the post step still runs, or the whole machine that runs the job. */
export type Loss = 'process' | 'machine'

/** Ends a job at once, without a word to it. */
export function loseJob(bench: Workbench, run: WorkflowRun, loss: Loss): void {
  const pids = actionProcesses(bench, run)
  if (pids.length === 0) throw new Error(`no process of run ${run.id} is there to be killed`)
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  if (loss === 'machine') bench.sandbox.actions.desk.forceCancel(run)
}

/** Run ids are the same in every sandbox; the address of the machine is this one's alone. */
function actionProcesses(bench: Workbench, run: WorkflowRun): readonly number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('dist/action/main.js')) return false
        const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
        return variables.includes(`BENCH=${bench.machine.url}`) && variables.includes(`GITHUB_RUN_ID=${run.id}`)
      } catch {
        // It ended since the listing.
        return false
      }
    })
}
