import { setTimeout as sleep } from 'node:timers/promises'
import { type ControlBench, openControlBench } from '../../test/support/control-bench.ts'
import type { TinyRing } from '../../test/support/tiny-solution.ts'

const waiting = 50
const trials = 20
/** Milliseconds that any step may take before the benchmark gives up. */
const longest = 240_000
/** Milliseconds between commands: of one person's the App carries out ten a minute. */
const pace = 6_500

/** Waits for an approval that does not come. */
const held: TinyRing = { name: 'live', lines: ['deploy-on: push', 'gates: { approvals: { count: 1, authors: true } }'] }
const open: TinyRing = { name: 'live', lines: ['deploy-on: push'] }

/**
 * How long GitHub waits for the App's decision about a job that its protection rule holds, while fifty other solutions of the repository wait for
 * approvals. Two versions take turns.
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
    await build(bench, 1)
    await bench.until(() => waitingNow(bench) === waiting, `${waiting} wait`, longest)
    await build(bench, 2)
    const issue = await bench.issue('Again')
    asked.length = 0
    answered.length = 0
    for (let trial = 1; trial <= trials; trial += 1) {
      const version = 2 - (trial % 2)
      const next = sleep(pace)
      await bench.comment(issue, `/promote shop/live v${version}`, bench.alice)
      await bench.points('shop-live', `v${version}`, longest)
      await bench.quiet()
      await next
    }
    return asked.map((at, trial) => (answered[trial] ?? Number.POSITIVE_INFINITY) - at)
  } finally {
    await bench.close()
  }
}

/** Sends a version, which goes in by itself. */
async function build(bench: ControlBench, version: number): Promise<void> {
  await bench.send({ 'shop/app.txt': `${version}\n` })
  await bench.points('shop-live', `v${version}`, longest)
}

/** Solutions whose check run says that somebody must act. */
function waitingNow(bench: ControlBench): number {
  const asking = bench.repository.checkRuns.filter(run => run.conclusion === 'action_required')
  return new Set(asking.map(run => run.name)).size
}
