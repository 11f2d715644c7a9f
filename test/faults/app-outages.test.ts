import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'
import {
  type AppProcess,
  type ControlBench,
  type ControlBenchOptions,
  openControlBench,
} from '../support/control-bench.ts'
import { expectInvariants } from '../support/expect-invariants.ts'
import { breakGithub, faultyGithubs, mendGithub } from '../support/faulty-github.ts'
import { startHttpFaultProxy } from '../support/http-fault-proxy.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { byHand, releaseAndReturn } from '../support/release-scenarios.ts'

const seed = Number(process.env['RINGWAY_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const solutions = { shop: byHand }

/** One after the other: starting all at once, none would be ready in time. */
let opening: Promise<unknown> = Promise.resolve()
async function withBench(options: ControlBenchOptions, work: (bench: ControlBench) => Promise<void>): Promise<void> {
  const opened = opening.then(() => openControlBench({ solutions, seed, ...options }))
  opening = opened.catch(() => undefined)
  const bench = await opened
  try {
    await work(bench)
  } finally {
    await bench.close()
  }
}

/** What must hold, in the embedded database or in the one of this URL. */
async function expectSound(
  bench: ControlBench,
  url?: string,
  apps: readonly AppProcess[] = [bench.app],
): Promise<void> {
  const database = await openDatabase(url === undefined ? { embedded: join(bench.data, 'postgres') } : { url })
  try {
    await expect(expectInvariants({ bench, database, apps })).resolves.toBeUndefined()
  } finally {
    await database.close()
  }
}

describe.concurrent(`the scenario with RINGWAY_SEED=${seed}, while`, { timeout: 300_000 }, () => {
  it.each(faultyGithubs)('[M3] GitHub goes wrong: $what', async fault => {
    await withBench({}, async bench => {
      await releaseAndReturn(bench, 1)
      breakGithub(bench, fault)
      await releaseAndReturn(bench, 2)
      mendGithub(bench)
      await expectSound(bench)
    })
  })

  it('[M3] PostgreSQL dies again and again', async () => {
    await withBench({}, async bench => {
      await releaseAndReturn(bench, 1)
      let isOver = false
      const scenario = releaseAndReturn(bench, 2).finally(() => {
        isOver = true
      })
      // The first line of the file is the server's process; SIGQUIT is `pg_ctl --mode=immediate`.
      const file = join(bench.data, 'postgres', 'data', 'postmaster.pid')
      for (let deaths = 0; deaths < 4 && !isOver; deaths += 1) {
        await sleep(1_500)
        process.kill(Number((await readFile(file, 'utf8')).split('\n')[0]), 'SIGQUIT')
        await sleep(3_500)
      }
      await scenario
      await expectSound(bench)
    })
  })
})

describe('a replica', { timeout: 300_000 }, () => {
  it('[M3] that is frozen beyond its lease, in the middle of a change, does nothing more of it when it wakes: another one has taken over', async () => {
    const url = await createTestDatabase()
    await withBench({ appVariables: { DATABASE_URL: url } }, async bench => {
      const { port, pathname } = new URL(bench.sandbox.apiUrl)
      await using proxy = await startHttpFaultProxy(Number(port))
      const replica = await bench.replica({ GITHUB_API_URL: `http://${proxy.host}${pathname.replace(/\/$/, '')}` })
      for (const method of ['POST', 'PATCH']) {
        const path = /\/(deployments|statuses|dispatches|check-runs|comments)(\/[0-9]+)?$/
        proxy.inject({ method, path, fault: { kind: 'lose_answer' } })
      }
      const isChanging = (): boolean =>
        proxy.seen.some(({ method, path }) => method !== 'GET' && path.includes('/repos/'))
      const scenario = releaseAndReturn(bench, 1)
      await bench.until(isChanging, 'a change by the replica', 60_000)
      replica.child.kill('SIGSTOP')
      const frozen = performance.now()
      await scenario
      await releaseAndReturn(bench, 2)
      await sleep(Math.max(0, 15_000 - (performance.now() - frozen)))
      replica.child.kill('SIGCONT')
      const hasLost = (): boolean => JSON.stringify(replica.log()).includes('did not answer for too long')
      await bench.until(hasLost, 'that it lost its lease', 60_000)
      await expectSound(bench, url, [bench.app, replica])
    })
  })
})
