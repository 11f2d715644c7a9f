import type { MachineCall } from './bench-machine.ts'
import type { ControlBench } from './control-bench.ts'
import type { TinyRing } from './tiny-solution.ts'

/** Milliseconds: dying several times on the way, each is found by the queue after ten seconds. */
const patience = 120_000

/** dev by push; staging by a comment and an approval, behind a protection rule. */
export const byHand: readonly TinyRing[] = [
  { name: 'dev', lines: ['deploy-on: push'] },
  { name: 'staging', lines: ['after: dev', 'gates: { approvals: { count: 1, authors: true } }'] },
]

/** A push into dev, a promotion by comment and approval, a rollback by comment. */
export async function releaseAndReturn(bench: ControlBench, version: number): Promise<void> {
  if (version === 1) await bench.guard('staging')
  const name = `v${version}`
  await bench.send({ 'shop/app.txt': `${name}\n` })
  await bench.points('dev', name, patience)
  const issue = await bench.issue(`Release ${name}`)
  await bench.comment(issue, `/promote staging ${name}`, bench.alice)
  await bench.until(() => bench.sticky(issue).includes('0 of 1 approvals'), 'what it waits for', patience)
  await bench.comment(issue, '/approve staging', bench.bob)
  await bench.points('staging', name, patience)
  if (version === 1) return
  await bench.comment(issue, '/rollback staging --reason "a rehearsal"', bench.alice)
  await bench.points('staging', 'v1', patience)
}

/** dev by push, staging by itself, production by a comment, with labels. */
export const byItself: readonly TinyRing[] = [
  { name: 'dev', lines: ['deploy-on: push'] },
  { name: 'staging', lines: ['after: dev', 'promote: auto'] },
  { name: 'production', lines: ['after: staging', 'labels: { success: [shipped] }'] },
]

/** A pull request through all rings; then a version that is stuck in the last one, and cancelled by going back. */
export async function shipAndCancel(bench: ControlBench, round: number): Promise<void> {
  if (round === 1) {
    await bench.send({ 'shop/app.txt': 'first\n' })
    await enterProduction(bench, await bench.issue('The first'), 'v1')
    return await bench.points('production', 'v1', patience)
  }
  const [merged, stuck] = [`v${2 * round - 2}`, `v${2 * round - 1}`]
  const pull = await mergePull(bench, `change-${round}`)
  await enterProduction(bench, pull, merged)
  const labels = (): readonly string[] => bench.repository.issues.get(pull)?.labels ?? []
  await bench.until(() => labels().includes('shipped'), 'its label', patience)
  await bench.points('production', merged, patience)
  const isStuck = (call: MachineCall): boolean => call.environment === 'production' && call.content === 'stuck'
  bench.machine.rule(call => (isStuck(call) ? 'hang' : 'ok'))
  await bench.send({ 'shop/app.txt': 'stuck\n', 'shop/round.txt': `${round}\n` })
  const issue = await bench.issue('Stuck')
  await enterProduction(bench, issue, stuck)
  await bench.until(() => bench.machine.calls.some(isStuck), 'that it is stuck', patience)
  await bench.comment(issue, '/rollback production', bench.alice)
  await bench.points('production', 'v1', patience)
}

async function enterProduction(bench: ControlBench, issue: number, version: string): Promise<void> {
  await bench.points('staging', version, patience)
  await bench.comment(issue, `/promote production ${version}`, bench.alice)
}

async function mergePull(bench: ControlBench, branch: string): Promise<number> {
  await bench.git('checkout', '--quiet', '-B', branch)
  await bench.commit({ 'shop/app.txt': `${branch}\n` })
  await bench.git('push', '--quiet', 'origin', branch)
  const opened = await bench.api(bench.alice, 'POST /pulls', { title: branch, head: branch, base: 'main' })
  const pull = Number(Reflect.get(Object(opened.body), 'number'))
  const { status } = await bench.api(bench.alice, `PUT /pulls/${pull}/merge`, {})
  if (status !== 200) throw new Error(`the merge was answered ${status}`)
  await bench.git('checkout', '--quiet', 'main')
  await bench.git('pull', '--quiet', 'origin', 'main')
  return pull
}
