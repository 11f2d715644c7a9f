import { randomUUID } from 'node:crypto'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode } from './layout-failure.ts'

/** How long a lock is waited for and believed, in milliseconds. */
export interface LockPatience {
  /** A holder works for milliseconds; one that is older is dead or frozen, wherever it runs. */
  readonly staleMs: number
  readonly waitMs: number
}

const usual: LockPatience = { staleMs: 30_000, waitMs: 120_000 }

/** Passed to the work: throws when the lock was taken from us meanwhile, because we had been frozen. To be called right before the effect. */
export type StillHeld = () => Promise<void>

/**
 * Does `work` while no other process does. The lock is a file that is created exclusively, so it works between processes and containers
 * that share a directory; a holder that died is recognised by its process, or by the age of the file where that cannot be asked.
 *
 * @throws {Error} when the lock cannot be had within the patience
 */
export async function withLock<T>(
  path: string,
  work: (stillHeld: StillHeld) => Promise<T>,
  patience: LockPatience = usual,
): Promise<T> {
  const mine = JSON.stringify({ host: hostname(), pid: process.pid, id: randomUUID() })
  await acquire(path, mine, patience)
  try {
    return await work(async () => {
      if ((await contentOf(path)) !== mine) throw new Error(`the lock ${path} was taken over by another process`)
    })
  } finally {
    if ((await contentOf(path)) === mine) await rm(path, { force: true })
  }
}

async function acquire(path: string, mine: string, patience: LockPatience): Promise<void> {
  const started = performance.now()
  for (let pauseMs = 1; !(await createExclusively(path, mine)); pauseMs = Math.min(pauseMs * 2, 50)) {
    await breakStaleLock(path, patience)
    if (performance.now() - started > patience.waitMs) {
      throw new Error(
        `the lock ${path} was held for ${patience.waitMs} ms by ${(await contentOf(path)) ?? 'changing processes'}`,
      )
    }
    await sleep(pauseMs * (0.5 + Math.random()))
  }
}

async function createExclusively(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx')
    try {
      await file.writeFile(content)
    } finally {
      await file.close()
    }
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/**
 * Two processes that both see a dead holder must not both remove the file, or the second would remove the lock that the first has made
 * since. Only who holds the breaker may remove it, after looking again.
 */
async function breakStaleLock(path: string, patience: LockPatience): Promise<void> {
  if (!(await isStale(path, patience))) return
  const breaker = `${path}.break`
  if (!(await createExclusively(breaker, ''))) {
    if (await isOlderThan(breaker, patience.staleMs)) await rm(breaker, { force: true })
    return
  }
  try {
    if (await isStale(path, patience)) await rm(path, { force: true })
  } finally {
    await rm(breaker, { force: true })
  }
}

async function isStale(path: string, patience: LockPatience): Promise<boolean> {
  if (await isOlderThan(path, patience.staleMs)) return true
  const holder = /^\{"host":("[^"]*"),"pid":(\d+),/.exec((await contentOf(path)) ?? '')
  // Another host's processes cannot be asked, and a file without content was created a moment ago.
  return holder !== null && holder[1] === JSON.stringify(hostname()) && !isAlive(Number(holder[2]))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !hasCode(error, 'ESRCH')
  }
}

async function isOlderThan(path: string, ageMs: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs > ageMs
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}
