import { setTimeout as sleep } from 'node:timers/promises'
import { type ControlBench, openControlBench } from '../../test/support/control-bench.ts'

/** Milliseconds from the acknowledgement of the command to the moved pointer, of each trial. */
export interface Rollbacks {
  readonly undisturbedMs: readonly number[]
  /** With the App killed by SIGKILL on the way, at another moment in each trial, and started again at once. */
  readonly killedMs: readonly number[]
}

/** Milliseconds that any step may take before the benchmark gives up. */
const longest = 120_000
/** Several repositories, one after the other, so that no history is long. */
const trialsOfOne = 5
const repositories = 4

/** Rolls a ring back by a comment, twenty times undisturbed and twenty times with the App killed. */
export async function measureRollbacks(say: (words: string) => void): Promise<Rollbacks> {
  const found = { undisturbedMs: [] as number[], killedMs: [] as number[] }
  for (let repository = 0; repository < repositories; repository += 1) {
    found.undisturbedMs.push(...(await rollBackIn(() => undefined)))
    // Spread over what it takes: the acknowledgement, the decision, the dispatch, the run's questions, its reports, the pointer.
    const usual = Math.max(...found.undisturbedMs)
    const killAfter = (trial: number): number =>
      (usual * (repository * trialsOfOne + trial)) / (repositories * trialsOfOne)
    found.killedMs.push(...(await rollBackIn(killAfter)))
    say(`${found.undisturbedMs.length} undisturbed and ${found.killedMs.length} with a killed App`)
  }
  return found
}

/** @param killAfter - milliseconds after the acknowledgement, by trial; undefined: never */
async function rollBackIn(killAfter: (trial: number) => number | undefined): Promise<readonly number[]> {
  const bench = await openControlBench({
    solutions: { shop: [{ name: 'dev', lines: ['deploy-on: push'] }] },
    appVariables: { LOG_LEVEL: 'warn' },
  })
  try {
    const issue = await bench.issue('Trouble')
    const took: number[] = []
    await build(bench, 1)
    await bench.points('dev', 'v1', longest)
    for (let trial = 0; trial < trialsOfOne; trial += 1) {
      // What is restored is always the first. After a person's rollback nothing goes in by itself.
      await build(bench, trial + 2)
      await bench.comment(issue, `/promote dev v${trial + 2}`, bench.alice)
      await bench.points('dev', `v${trial + 2}`, longest)
      await bench.quiet()
      took.push(await rollBack(bench, issue, killAfter(trial)))
      await bench.quiet()
    }
    return took
  } finally {
    await bench.close()
  }
}

async function build(bench: ControlBench, version: number): Promise<void> {
  await bench.send({ 'shop/app.txt': `${version}\n` })
  await bench.until(async () => (await bench.tags()).length === version, `v${version} is built`, longest)
  await bench.quiet()
}

async function rollBack(bench: ControlBench, issue: number, killAfter: number | undefined): Promise<number> {
  const { deliveries } = bench.sandbox.webhooks
  const before = deliveries.length
  await bench.comment(issue, '/rollback dev', bench.alice)
  const isTaken = (): boolean =>
    deliveries.slice(before).some(({ event, outcome }) => event === 'issue_comment' && outcome.kind !== 'pending')
  await soon(isTaken)
  const taken = performance.now()
  const killed = killAfter === undefined ? undefined : killAndStart(bench, killAfter)
  await soon(() => pointerOf(bench) === 'v1')
  const took = performance.now() - taken
  await killed
  return took
}

async function killAndStart(bench: ControlBench, after: number): Promise<void> {
  await sleep(after)
  await bench.app.kill('SIGKILL')
  await bench.restart()
}

/** While it moves, two may be active for the sandbox's shortest moment. */
function pointerOf(bench: ControlBench): string | undefined {
  try {
    return bench.pointer('dev')
  } catch {
    return undefined
  }
}

async function soon(condition: () => boolean): Promise<void> {
  const end = performance.now() + longest
  while (!condition()) {
    if (performance.now() > end) throw new Error('A rollback did not come to its end within two minutes.')
    await sleep(5)
  }
}
