import { spawn } from 'node:child_process'
import { closeSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { prepareHome, readText, readToken } from './machine-home.mjs'
import { machineProcess } from './machine-lock.mjs'
import { openProcessLedger } from './process-ledger.mjs'
import { readTail } from './tail.mjs'

const longestStartMs = 120_000

/** Starts the machine in the background, unless it runs already. */
export async function startMachine(home, args) {
  prepareHome(home)
  if (machineProcess(home) !== undefined) return { address: await addressOf(home), isNew: false }
  rmSync(home.address, { force: true })
  const log = openSync(home.log, 'a', 0o600)
  const child = spawn(process.execPath, [join(import.meta.dirname, 'machine.mjs'), 'run', ...args], {
    detached: true,
    stdio: ['ignore', log, log],
    env: withoutJob(process.env),
  })
  closeSync(log)
  let hasEnded = false
  child.once('exit', () => {
    hasEnded = true
  })
  const address = await addressOf(home, () => hasEnded)
  child.unref()
  return { address, isNew: true }
}

/** GitHub's runner ends, with a job, every process that carries the job's mark; the machine outlives jobs. */
function withoutJob(environment) {
  const { RUNNER_TRACKING_ID: _, ...rest } = environment
  return rest
}

async function addressOf(home, hasEnded = () => false) {
  const deadline = performance.now() + longestStartMs
  while (performance.now() < deadline && !hasEnded()) {
    const address = readText(home.address)
    if (address !== undefined) return address
    await pause(25)
  }
  const how = hasEnded() ? 'ended at once' : `was not ready within ${longestStartMs / 1000} s`
  throw new Error(`The machine ${how}. The end of ${home.log}:\n${readTail(home.log, 2_000)}`)
}

/** Ends the machine and everything on it, also what a killed one left behind. */
export async function stopMachine(home) {
  const pid = machineProcess(home)
  const address = readText(home.address)
  if (pid === undefined) {
    prepareHome(home)
    return { wasRunning: false, ended: openProcessLedger(home.processes).sweep().length }
  }
  if (address === undefined) process.kill(pid, 'SIGTERM')
  else await ask(home, 'POST', '/v1/stop')
  while (machineProcess(home) !== undefined) await pause(25)
  return { wasRunning: true, ended: 0 }
}

/** Asks the machine that runs something, with its token. */
export async function ask(home, method, path) {
  const answer = await fetch(`${readText(home.address)}${path}`, {
    method,
    headers: { authorization: `Bearer ${readToken(home)}`, 'content-type': 'application/json' },
    ...(method === 'POST' ? { body: '{}' } : {}),
  })
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
  return await answer.json()
}
