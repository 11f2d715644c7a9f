import { rmSync, writeFileSync } from 'node:fs'
import { readText } from './machine-home.mjs'
import { processIdentity } from './process-ledger.mjs'

/** The process that is the machine of a home, or undefined. */
export function machineProcess(home) {
  const [pid, identity] = (readText(home.lock) ?? '').split('\n')
  const isAlive = identity !== undefined && processIdentity(Number(pid)) === identity
  return isAlive ? Number(pid) : undefined
}

/** Makes this process the machine of a home. */
export function takeMachineLock(home) {
  for (;;) {
    const other = machineProcess(home)
    if (other !== undefined) throw new Error(`The machine of ${home.root} runs already, as process ${other}.`)
    // Left behind by a process that was killed.
    rmSync(home.lock, { force: true })
    try {
      writeFileSync(home.lock, `${process.pid}\n${processIdentity(process.pid)}`, { flag: 'wx', mode: 0o600 })
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
  }
}
