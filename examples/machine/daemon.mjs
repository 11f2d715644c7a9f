import { rmSync } from 'node:fs'
import { openArtifactStore } from './artifact-store.mjs'
import { createControlApi } from './control-api.mjs'
import { listen } from './free-port.mjs'
import { prepareHome, readToken, writeWhole } from './machine-home.mjs'
import { takeMachineLock } from './machine-lock.mjs'
import { openProcessLedger } from './process-ledger.mjs'
import { Rings } from './rings.mjs'
import { openStateFile } from './state-file.mjs'
import { emptyLargeLogs } from './version-logs.mjs'

const logPeriodMs = 60_000
const defaultPort = 7400

/**
 * Runs the machine in this process until it is told to end.
 *
 * @param {object} home paths
 * @param {{ port: number | undefined, keep: number, graceMs: number, readyMs: number, fronts: Record<string, number> }} options
 */
export async function runDaemon(home, options) {
  prepareHome(home)
  takeMachineLock(home)
  const ledger = openProcessLedger(home.processes)
  for (const { words, pid } of ledger.sweep())
    console.log(`Ended what an earlier machine left running: ${words} (process ${pid})`)

  const stateFile = openStateFile(home.state)
  const state = stateFile.read()
  let controlPort = portToTake(options.port, state.controlPort)
  const save = rings => stateFile.write({ schemaVersion: 1, controlPort, ...rings })
  const rings = new Rings({ options, state, home, ledger, save, artifacts: openArtifactStore(home.artifacts) })
  const logs = setInterval(() => emptyLargeLogs(home.logs), logPeriodMs)

  const stop = async () => {
    clearInterval(logs)
    rmSync(home.address, { force: true })
    control.close()
    await rings.close()
    rmSync(home.lock, { force: true })
    console.log('The machine has ended.')
    // A connection that a client keeps would hold the process.
    process.exit(0)
  }
  const stopOnce = once(stop)
  const control = createControlApi({ token: readToken(home), rings, stop: stopOnce })
  process.on('SIGTERM', stopOnce)
  process.on('SIGINT', stopOnce)

  // Before anything is restored, so that two machines on one port fail before they have started anything.
  controlPort = await listen(control, controlPort)
  await rings.restore(state)
  const address = `http://127.0.0.1:${controlPort}`
  // Last: whoever reads the address finds a machine that is ready.
  writeWhole(home.address, address)
  console.log(`The machine answers at ${address} (process ${process.pid}).`)
}

/** The one of the last time, unless another one is asked for: those who deploy know its address. */
function portToTake(asked, last) {
  if (asked !== undefined && asked !== 0) return asked
  return last === 0 ? (asked ?? defaultPort) : last
}

function once(work) {
  let done
  return () => (done ??= work())
}
