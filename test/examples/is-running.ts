import { readFile } from 'node:fs/promises'

/** Whether a process runs. One that has ended and was not waited for does not. */
export async function isRunning(pid: number): Promise<boolean> {
  if (!Number.isInteger(pid)) throw new Error(`expected the number of a process; ${pid} came`)
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
  return !/\) Z/.test(stat)
}
