import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Which process groups the machine started, one file each, so that a machine whose own process was killed finds those that outlived
 * it. Every write is synchronous: between a start and its entry nothing else of this process can run.
 */
export function openProcessLedger(directory) {
  const entry = pid => join(directory, `${pid}.json`)
  return {
    /** @param {number} pid of the group's first process; `words` say what it is */
    add(pid, words) {
      writeFileSync(entry(pid), JSON.stringify({ words, identity: processIdentity(pid) }))
    },
    remove(pid) {
      rmSync(entry(pid), { force: true })
    },
    /** The process groups of an earlier machine that still run. */
    orphans() {
      return readdirSync(directory)
        .filter(name => name.endsWith('.json'))
        .map(name => ({ pid: Number.parseInt(name, 10), ...readEntry(join(directory, name)) }))
        .filter(({ pid, identity }) => identity !== undefined && processIdentity(pid) === identity)
    },
    /** Ends what an earlier machine left behind, and forgets it. */
    sweep() {
      const left = this.orphans()
      for (const { pid } of left) signalGroup(pid, 'SIGKILL')
      for (const name of readdirSync(directory)) rmSync(join(directory, name), { force: true })
      return left
    },
  }
}

function readEntry(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // Cut short by the same crash that left it behind: it names nobody.
    return {}
  }
}

/**
 * What tells a process from a later one that was given the same number; undefined when there is none. A process that has ended and
 * was not waited for is none.
 */
export function processIdentity(pid) {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces and parentheses: fields count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : `${bootId()} ${fields[19]}`
  } catch {
    return undefined
  }
}

// Start times count from the boot: two boots have the same ones.
const bootId = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()

/** Sends a signal to a process and everything it started. */
export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}
