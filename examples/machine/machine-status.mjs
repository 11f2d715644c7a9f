import { existsSync } from 'node:fs'
import { readText } from './machine-home.mjs'
import { machineProcess } from './machine-lock.mjs'
import { ask } from './machine-process.mjs'
import { openProcessLedger } from './process-ledger.mjs'

/** What runs on the machine of a home. */
export async function machineStatus(home) {
  const where = { home: home.root, token: home.token, log: home.log, logs: home.logs }
  const pid = machineProcess(home)
  const address = readText(home.address)
  if (pid === undefined || address === undefined) {
    const orphans = existsSync(home.processes) ? openProcessLedger(home.processes).orphans() : []
    return { running: false, ...where, orphans: orphans.map(({ pid, words }) => ({ pid, words })) }
  }
  return { running: true, address, ...where, ...(await ask(home, 'GET', '/v1/status')) }
}

/** For people. */
export function statusWords(status) {
  if (!status.running) return notRunning(status)
  const rings = status.rings.flatMap(ring => [
    `${ring.solution}/${ring.ring}  ${ring.front}  active: ${ring.active ?? 'nothing'}`,
    ...ring.versions.map(versionWords),
  ])
  const waiting = status.waiting.map(versionWords)
  const head = `The machine answers at ${status.address} (process ${status.pid}), token in ${status.token}`
  return [
    head,
    `Logs of the versions: ${status.logs}`,
    '',
    ...(rings.length + waiting.length === 0 ? ['Nothing is placed.'] : [...rings, ...waiting]),
  ].join('\n')
}

function versionWords({ version, digest, state, url, components }) {
  const processes = components.map(({ name, pid, missing }) => {
    if (missing !== undefined) return `${name} (needs ${missing})`
    return pid === undefined ? name : `${name} (${pid})`
  })
  return `  ${version || 'draft'}  ${digest.slice(0, 19)}  ${state}  ${url}  ${processes.join(', ')}`
}

function notRunning({ home, orphans }) {
  const left = orphans.map(({ pid, words }) => `  ${words} (process ${pid})`)
  const head = `The machine of ${home} is not running.`
  if (left.length === 0) return head
  return [head, 'It was killed, and these processes of it still run; start takes over, stop ends them:', ...left].join(
    '\n',
  )
}
