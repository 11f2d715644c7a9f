import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'
import type { MachineCall } from '../support/bench-machine.ts'
import { type ControlBench, openControlBench } from '../support/control-bench.ts'
import { expectInvariants } from '../support/expect-invariants.ts'

/** Milliseconds from the failed check to the version before, whatever single thing goes wrong meanwhile. */
const bound = 45_000

interface Fault {
  readonly what: string
  /** Begins when the check has failed, and the run is about to say so. */
  readonly begin: (bench: ControlBench, call: MachineCall) => Promise<void>
}

const faults: readonly Fault[] = [
  {
    what: 'the App is killed',
    begin: async bench => {
      await bench.app.kill('SIGKILL')
      await bench.restart()
    },
  },
  {
    what: 'PostgreSQL dies',
    begin: async ({ data }) => {
      // The first line of the file is the server's process; SIGQUIT is `pg_ctl --mode=immediate`.
      const [pid] = (await readFile(join(data, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')
      process.kill(Number(pid), 'SIGQUIT')
    },
  },
  {
    what: 'the App is frozen for ten seconds',
    begin: async ({ app }) => {
      app.child.kill('SIGSTOP')
      await sleep(10_000)
      app.child.kill('SIGCONT')
    },
  },
  {
    what: 'GitHub answers nothing but 503 for ten seconds',
    begin: async ({ sandbox }) => {
      const by = ['job', 'installation', 'app'] as const
      sandbox.faults.api.add({ on: '*', by, kind: 'error', status: 503, when: 'before' })
      await sleep(10_000)
      sandbox.faults.api.clear()
    },
  },
  {
    what: 'its job vanishes',
    begin: async (bench, { runId }) => {
      await bench.api(bench.alice, `POST /actions/runs/${runId}/force-cancel`, {})
    },
  },
]

describe.concurrent('a version whose check fails', { timeout: 300_000 }, () => {
  it.each(faults)('[M3] I5: is gone within its bound though $what', async ({ begin }) => {
    const bench = await openControlBench({ solutions: { shop: [{ name: 'dev', lines: ['deploy-on: push'] }] } })
    const database = await openDatabase({ embedded: join(bench.data, 'postgres') })
    try {
      await bench.send({ 'shop/app.txt': 'good\n' })
      await bench.points('dev', 'v1')
      let fault: { readonly at: number; readonly over: Promise<void> } | undefined
      bench.machine.rule(call => {
        if (call.verb !== 'check' || call.content !== 'bad') return 'ok'
        fault ??= { at: performance.now(), over: begin(bench, call) }
        return 'fail'
      })
      await bench.send({ 'shop/app.txt': 'bad\n' })
      const isGone = (): boolean => {
        const states = bench.deployments('dev').map(({ artifact, state }) => `${artifact} ${state}`)
        return (
          bench.machine.serving('dev') === 'good' && states.includes('v2 rolled_back') && states.includes('v1 active')
        )
      }
      await bench.until(() => fault !== undefined, 'that the check fails')
      await bench.until(isGone, () => `v2 is gone; ${JSON.stringify(bench.deployments('dev'))}`, 120_000)
      expect(performance.now() - (fault?.at ?? Number.NaN)).toBeLessThan(bound)
      await fault?.over
      await expectInvariants({ bench, database })
    } finally {
      await database.close()
      await bench.close()
    }
  })
})
