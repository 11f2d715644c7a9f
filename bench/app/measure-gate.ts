import { setTimeout as sleep } from 'node:timers/promises'
import { type ControlBench, openControlBench } from '../../test/support/control-bench.ts'
import type { TinyRing } from '../../test/support/tiny-solution.ts'

const waiting = 50
const trials = 20
/** Milliseconds. GitHub takes eighty content writes a minute of an App: trials that came faster would measure how long it waits for its turn. */
const pace = 12_000
/** Milliseconds that any step may take before the benchmark gives up. */
const longest = 240_000

/** Waits for an approval that does not come. */
const held: TinyRing = { name: 'live', lines: ['deploy-on: push', 'gates: { approvals: { count: 1, authors: true } }'] }
const open: TinyRing = { name: 'live', lines: ['deploy-on: push'] }

/**
 * How long GitHub waits for the App's decision about a job that its protection rule holds, while fifty other solutions of the repository wait for
 * approvals: each push wakes them all, because the ring file may have changed.
 *
 * @returns milliseconds from the webhook that asks to the review that answers, of each trial
 */
export async function measureGate(say: (words: string) => void): Promise<readonly number[]> {
  const asked: number[] = []
  const answered: number[] = []
  const solutions = Object.fromEntries(Array.from({ length: waiting }, (_, index) => [`other-${index + 1}`, [held]]))
  const bench = await openControlBench({
    solutions: { shop: [open], ...solutions },
    appVariables: { LOG_LEVEL: 'warn' },
    observe(one) {
      if (one.kind === 'webhook' && one.event === 'deployment_protection_rule') asked.push(performance.now())
      if (one.kind === 'api' && one.method === 'POST' && one.template.endsWith('/deployment_protection_rule'))
        answered.push(performance.now())
    },
  })
  try {
    await bench.guard('shop-live')
    say(`bringing ${waiting} solutions to wait for approvals`)
    await bench.send({ 'shop/app.txt': '1\n' })
    await bench.points('shop-live', 'v1', longest)
    await bench.until(() => waitingNow(bench) === waiting, `${waiting} wait`, longest)
    // What was shown of them has used up the writes of this minute.
    await sleep(60_000)
    asked.length = 0
    answered.length = 0
    for (let trial = 1; trial <= trials; trial += 1) {
      const rest = sleep(pace)
      await bench.send({ 'shop/app.txt': `${trial + 1}\n` })
      await bench.points('shop-live', `v${trial + 1}`, longest)
      await rest
    }
    return asked.map((at, trial) => (answered[trial] ?? Number.POSITIVE_INFINITY) - at)
  } finally {
    await bench.close()
  }
}

/** Solutions whose check run says that somebody must act. */
function waitingNow(bench: ControlBench): number {
  const asking = bench.repository.checkRuns.filter(run => run.conclusion === 'action_required')
  return new Set(asking.map(run => run.name)).size
}
