import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** A process that a job left behind. */
export interface OrphanProcess {
  readonly pid: number
  readonly name: string
}

/** The variable by which the runner knows a job's processes. */
export const TRACKING_VARIABLE = 'RUNNER_TRACKING_ID'

/**
 * Ends the processes that still carry the job's tracking id, as GitHub's runner does when a job is over. A process that
 * was started with the variable cleared is not known and survives, there as here. Linux only: elsewhere the environment
 * of a process cannot be read, and nothing is ended.
 */
export async function endOrphanProcesses(trackingId: string): Promise<readonly OrphanProcess[]> {
  const orphans = await findProcesses(trackingId)
  for (const { pid } of orphans) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended meanwhile.
    }
  }
  await waitUntilGone(orphans, trackingId)
  return orphans
}

async function findProcesses(trackingId: string): Promise<readonly OrphanProcess[]> {
  const entries = await readdir('/proc').catch(() => [])
  const pids = entries.filter(entry => /^\d+$/.test(entry) && Number(entry) !== process.pid)
  const found = await Promise.all(pids.map(pid => inspect(Number(pid), trackingId)))
  return found.filter(orphan => orphan !== undefined)
}

async function inspect(pid: number, trackingId: string): Promise<OrphanProcess | undefined> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1')
    if (!environment.split('\0').includes(`${TRACKING_VARIABLE}=${trackingId}`)) return undefined
    return { pid, name: (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() }
  } catch {
    // Somebody else's process, or gone since the listing.
    return undefined
  }
}

// SIGKILL takes effect a moment later; whoever sees the job completed may rely on its processes being gone. Asked by
// the environment and not by a signal, because an unreaped process still takes signals.
async function waitUntilGone(orphans: readonly OrphanProcess[], trackingId: string): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const left = await Promise.all(orphans.map(({ pid }) => inspect(pid, trackingId)))
    if (left.every(orphan => orphan === undefined)) return
    await delay(10)
  }
}
