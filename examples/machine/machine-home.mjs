import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where a machine keeps everything that it owns. */
export const defaultHome = join(homedir(), '.ringway-machine')

/** The paths in a machine's home. */
export function machineHome(directory = defaultHome) {
  const root = resolve(directory)
  const at = name => join(root, name)
  return {
    root,
    /** What whoever deploys proves itself with. */
    token: at('token'),
    /** Where the control API answers. */
    address: at('address'),
    /** Which process is the machine. */
    lock: at('machine.lock'),
    state: at('state.json'),
    log: at('machine.log'),
    artifacts: at('artifacts'),
    logs: at('logs'),
    processes: at('processes'),
  }
}

/** Makes the directories and the token; what is there already stays. */
export function prepareHome(home) {
  // Nobody else on this server may read the token or the configuration of a ring.
  mkdirSync(home.root, { recursive: true, mode: 0o700 })
  chmodSync(home.root, 0o700)
  for (const directory of [home.artifacts, home.logs, home.processes]) mkdirSync(directory, { recursive: true })
  if (!existsSync(home.token)) writeWhole(home.token, randomBytes(32).toString('hex'))
}

/** The token, or undefined where there is none. */
export const readToken = home => readText(home.token)

/** A small file's text without its line end, or undefined where there is no such file. */
export function readText(path) {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Writes a file so that a reader sees all of it or nothing of it, and only its owner sees it. */
export function writeWhole(path, text) {
  const unfinished = `${path}.${process.pid}.tmp`
  writeFileSync(unfinished, text, { mode: 0o600, flush: true })
  renameSync(unfinished, path)
}
