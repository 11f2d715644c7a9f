import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RingwayError } from '../../domain/ringway-error.ts'
import { sayDuration } from '../../text/duration.ts'
import { textTable } from '../../text/table.ts'
import { exitCodes } from '../exit-code.ts'
import { openRehearsal, type Rehearsal } from '../rehearsal.ts'
import type { Terminal } from '../terminal.ts'
import { type Machine, startMachine } from './machine.ts'
import { type Deployed, type RingNow, readDeployments, readRings } from './rings.ts'
import { cloneSupportDesk, type SupportDesk } from './support-desk.ts'
import { startTraffic, type Traffic, type TrafficCount } from './traffic.ts'

/** One thing that happened, for programs. */
interface DemoStep {
  readonly step: string
  readonly version: string
  readonly ring: string
  readonly state: string
}

/** Everything that a demonstration works with. */
interface Stage {
  readonly terminal: Terminal
  readonly rehearsal: Rehearsal
  readonly machine: Machine
  readonly repository: SupportDesk
  readonly steps: DemoStep[]
}

/** `ringway demo`: the main job on this machine, from a push to production and back, with real processes on real ports. */
export async function demo(terminal: Terminal, options: { readonly keep: boolean }): Promise<number> {
  const started = performance.now()
  const directory = mkdtempSync(join(tmpdir(), 'ringway-demo-'))
  const machine = startMachine(join(directory, 'machine'))
  let rehearsal: Rehearsal | undefined
  const end = async (): Promise<void> => {
    await rehearsal?.close()
    machine.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  const interrupted = (): void => void end().finally(() => process.exit(130))
  process.once('SIGINT', interrupted)
  process.once('SIGTERM', interrupted)
  try {
    rehearsal = await openRehearsal({
      owner: 'shop',
      name: 'support-desk',
      defaultBranch: 'main',
      people: { lena: 'write', omar: 'admin' },
      port: 0,
      machineVariables: { MACHINE_URL: machine.address, MACHINE_TOKEN: machine.token },
    })
    terminal.say('Everything below happens on this machine: GitHub is played by the sandbox, all else is real.')
    terminal.say(`  GitHub     ${rehearsal.url}`)
    terminal.say(`  artifacts  ${rehearsal.store}`)
    terminal.say(`  machine    ${machine.address}`)
    const count = await play({ terminal, rehearsal, machine, directory })
    const ok = conclude(terminal, { ...count, tookMs: performance.now() - started })
    if (options.keep && ok) await keepServing(terminal, { rehearsal, machine })
    return ok ? exitCodes.ok : exitCodes.no
  } finally {
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', interrupted)
    await end()
  }
}

interface Played {
  readonly steps: readonly DemoStep[]
  readonly traffic: TrafficCount
  readonly rings: readonly RingNow[]
}

async function play(parts: {
  readonly terminal: Terminal
  readonly rehearsal: Rehearsal
  readonly machine: Machine
  readonly directory: string
}): Promise<Played> {
  const { terminal, rehearsal, machine } = parts
  chapter(terminal, 'v1 is pushed: built once, then dev and staging by themselves, production by hand')
  const repository = await cloneSupportDesk(rehearsal, join(parts.directory, 'clone'))
  const stage: Stage = { terminal, rehearsal, machine, repository, steps: [] }
  await settle(stage, 'push v1')
  await dispatch(stage, { step: 'promote v1', command: 'deploy', environment: 'production', artifact: 'v1' })
  expectRings(await readRings(rehearsal), { dev: 'v1', staging: 'v1', production: 'v1' })
  const traffic = callProduction(stage)
  try {
    await changeAndBack(stage)
    return { steps: stage.steps, traffic: await traffic.stop(), rings: await readRings(rehearsal) }
  } catch (error) {
    await traffic.stop()
    throw error
  }
}

async function changeAndBack(stage: Stage): Promise<void> {
  const { terminal, rehearsal, repository } = stage
  chapter(terminal, 'v2 is pushed: healthy in dev, broken by the configuration of staging; production is not touched')
  await repository.pushChange('v2')
  await settle(stage, 'push v2')
  expectRings(await readRings(rehearsal), { dev: 'v2', staging: 'v1', production: 'v1' })

  chapter(terminal, 'v3 mends it. After a rollback nothing enters staging by itself: somebody says so')
  await repository.pushChange('v3')
  await settle(stage, 'push v3')
  await dispatch(stage, { step: 'promote v3', command: 'deploy', environment: 'staging', artifact: 'v3' })
  await dispatch(stage, { step: 'promote v3', command: 'deploy', environment: 'production', artifact: 'v3' })
  expectRings(await readRings(rehearsal), { dev: 'v3', staging: 'v3', production: 'v3' })

  chapter(terminal, 'Production goes back to v1 by one command, and forward again; nothing is built')
  const before = performance.now()
  await dispatch(stage, { step: 'roll back to v1', command: 'rollback', environment: 'production', artifact: 'v1' })
  terminal.say(`  from the command to v1 in production: ${sayDuration(performance.now() - before)}`)
  expectRings(await readRings(rehearsal), { production: 'v1' })
  await dispatch(stage, { step: 'forward to v3', command: 'deploy', environment: 'production', artifact: 'v3' })

  chapter(terminal, 'A commit that changes nothing of the solution is pushed: nothing is deployed')
  const known = (await readDeployments(rehearsal)).length
  await repository.pushChange('no-change')
  await settle(stage, 'push no change')
  if ((await readDeployments(rehearsal)).length !== known)
    throw unexpected('a commit that changes nothing was deployed')
  stage.steps.push({ step: 'push no change', version: 'v3', ring: 'dev', state: 'active' })
  terminal.say('  no deployment')
}

function chapter(terminal: Terminal, title: string): void {
  terminal.say('')
  terminal.say(title)
}

/** Waits until everything that was started has ended, and says each deployment that ended since. */
async function settle(stage: Stage, step: string): Promise<void> {
  const known = new Set(stage.steps.map(one => `${one.step}`))
  if (known.has(step)) throw new TypeError(`the step ${step} was there before`)
  const before = new Map((await readDeployments(stage.rehearsal)).map(one => [one.id, one.state]))
  await stage.rehearsal.quiet()
  await tell(stage, step, before)
}

async function dispatch(
  stage: Stage,
  wish: { step: string; command: 'deploy' | 'rollback'; environment: string; artifact: string },
): Promise<void> {
  const { step, ...inputs } = wish
  const before = new Map((await readDeployments(stage.rehearsal)).map(one => [one.id, one.state]))
  stage.terminal.say(
    `  $ gh workflow run ringway.yml -f command=${inputs.command} -f environment=${inputs.environment} -f artifact=${inputs.artifact}`,
  )
  await stage.rehearsal.api('omar', {
    method: 'POST',
    path: '/actions/workflows/ringway.yml/dispatches',
    body: { ref: 'main', inputs },
  })
  await stage.rehearsal.quiet()
  await tell(stage, step, before)
}

async function tell(stage: Stage, step: string, before: ReadonlyMap<number, string>): Promise<void> {
  const changed = (await readDeployments(stage.rehearsal)).filter(one => before.get(one.id) !== one.state)
  for (const one of changed) {
    stage.steps.push({ step, version: one.version, ring: one.ring, state: one.state })
    stage.terminal.say(`  ${describeDeployment(one)}`)
  }
}

function describeDeployment({ ring, version, state, words }: Deployed): string {
  return `${ring.padEnd(11)}${version.padEnd(4)}${state.replaceAll('_', ' ').padEnd(13)}${words}`.trimEnd()
}

function callProduction(stage: Stage): Traffic {
  const front = stage.machine.front('support', 'production')
  if (front === undefined) throw unexpected('production has no address on the machine')
  stage.terminal.say(`  from now on a client calls ${front} all the time`)
  return startTraffic(new URL('/healthz', front).href)
}

function expectRings(rings: readonly RingNow[], expected: Readonly<Record<string, string>>): void {
  for (const [ring, version] of Object.entries(expected)) {
    const now = rings.find(one => one.ring === ring)
    if (now?.version !== version)
      throw unexpected(`${ring} points to ${now?.version ?? 'nothing'} and not to ${version}`)
  }
}

function conclude(terminal: Terminal, played: Played & { readonly tookMs: number }): boolean {
  const { rings, traffic, steps } = played
  const oneDigest = new Set(rings.map(ring => ring.digest)).size === 1
  const ok = traffic.failed === 0 && oneDigest && rings.every(ring => ring.version === 'v3' && ring.state === 'active')
  terminal.say('')
  terminal.say(
    textTable(
      ['RING', 'VERSION', 'STATE', 'DIGEST'],
      rings.map(({ ring, version, state, digest }) => [ring, version, state, digest]),
    ),
  )
  terminal.say('')
  const failed = traffic.firstFailure === undefined ? '' : ` The first: ${traffic.firstFailure}`
  terminal.say(
    `${traffic.total} requests to production, ${traffic.failed} failed; it answered as ${traffic.versions.join(', then ')}.${failed}`,
  )
  terminal.say(`Took ${sayDuration(played.tookMs)}.`)
  terminal.result({
    ok,
    rings: Object.fromEntries(rings.map(ring => [ring.ring, ring.version])),
    requests: { total: traffic.total, failed: traffic.failed },
    steps,
  })
  return ok
}

async function keepServing(terminal: Terminal, stage: { rehearsal: Rehearsal; machine: Machine }): Promise<void> {
  terminal.progress('')
  terminal.progress(`It goes on serving until you press Ctrl-C. Look at ${stage.rehearsal.url}`)
  terminal.progress(`Push to it: git push ${stage.rehearsal.pushUrl('lena')} HEAD:main`)
  await new Promise<never>(() => {})
}

function unexpected(words: string): RingwayError {
  return new RingwayError({
    code: 'internal_error',
    message: `The demonstration did not go as it should: ${words}.`,
    remedy: 'Please report this with everything that was printed.',
  })
}
