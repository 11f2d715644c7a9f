import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'
import { type ControlBench, openControlBench } from '../support/control-bench.ts'
import { expectInvariants } from '../support/expect-invariants.ts'
import { breakGithub, faultyGithubs, mendGithub } from '../support/faulty-github.ts'
import { startHttpFaultProxy } from '../support/http-fault-proxy.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { byHand, releaseAndReturn } from '../support/release-scenarios.ts'

const seed = Number(process.env['RINGWAY_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const solutions = { shop: byHand }

let bench: ControlBench
afterEach(async () => {
  await bench.close()
})

describe(`the scenario with RINGWAY_SEED=${seed}, while`, { timeout: 300_000 }, () => {
  it.each(faultyGithubs)('[M3] GitHub goes wrong: $what', async fault => {
    bench = await openControlBench({ solutions, seed })
    await releaseAndReturn(bench, 1)
    breakGithub(bench, fault)
    await releaseAndReturn(bench, 2)
    mendGithub(bench)
    const database = await openDatabase({ embedded: join(bench.data, 'postgres') })
    try {
      await expect(expectInvariants({ bench, database })).resolves.toBeUndefined()
    } finally {
      await database.close()
    }
  })

  it('[M3] PostgreSQL dies again and again', async () => {
    bench = await openControlBench({ solutions, seed })
    await releaseAndReturn(bench, 1)
    const scenario = releaseAndReturn(bench, 2)
    let isOver = false
    const end = scenario.finally(() => {
      isOver = true
    })
    // The first line of the file is the server's process; SIGQUIT is `pg_ctl --mode=immediate`.
    const pid = async (): Promise<number> =>
      Number((await readFile(join(bench.data, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])
    for (let deaths = 0; deaths < 4 && !isOver; deaths += 1) {
      await sleep(1_500)
      process.kill(await pid(), 'SIGQUIT')
      await sleep(3_500)
    }
    await end
    const database = await openDatabase({ embedded: join(bench.data, 'postgres') })
    try {
      await expect(expectInvariants({ bench, database })).resolves.toBeUndefined()
    } finally {
      await database.close()
    }
  })

  it('[M3] a replica is frozen beyond its lease, in the middle of a change, and wakes when another one has taken over', async () => {
    const url = await createTestDatabase()
    bench = await openControlBench({ solutions, seed, appVariables: { DATABASE_URL: url } })
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
    const database = await openDatabase({ url })
    try {
      await expect(expectInvariants({ bench, database, apps: [bench.app, replica] })).resolves.toBeUndefined()
    } finally {
      await database.close()
    }
  })
})
