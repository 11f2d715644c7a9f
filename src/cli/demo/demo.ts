import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sayDuration } from '../../text/duration.ts'
import { textTable } from '../../text/table.ts'
import { exitCodes } from '../exit-code.ts'
import { openRehearsal, type Rehearsal } from '../rehearsal.ts'
import type { Terminal } from '../terminal.ts'
import * as chapters from './chapters.ts'
import { type Machine, startMachine } from './machine.ts'
import { type RingNow, readRings } from './rings.ts'
import type { Stage } from './stage.ts'
import { cloneSupportDesk, type SupportDesk } from './support-desk.ts'
import { startTraffic, type Traffic, type TrafficCount } from './traffic.ts'
import { unexpected } from './until.ts'

/** `ringway demo`: the main job on this machine, from a push to production and back, with real processes on real ports. */
export async function demo(terminal: Terminal, options: { readonly keep: boolean }): Promise<number> {
  const started = performance.now()
  const directory = mkdtempSync(join(tmpdir(), 'ringway-demo-'))
  const machine = startMachine(join(directory, 'machine'))
  let opening: Promise<Rehearsal> | undefined
  let ending: Promise<void> | undefined
  const end = (): Promise<void> => {
    ending ??= (async () => {
      await (await opening?.catch(() => undefined))?.close()
      machine.stop()
      rmSync(directory, { recursive: true, force: true })
    })()
    return ending
  }
  const interrupted = (): void => void end().finally(() => process.exit(130))
  for (const signal of signals) process.on(signal, interrupted)
  try {
    opening = openRehearsal({
      owner: 'shop',
      name: 'support-desk',
      defaultBranch: 'main',
      people: { omar: 'admin', lena: 'write', mika: 'maintain' },
      port: 0,
      machineVariables: { MACHINE_URL: machine.address, MACHINE_TOKEN: machine.token },
      app: true,
    })
    const rehearsal = await opening
    terminal.say('Everything below happens on this machine: GitHub is played by the sandbox, all else is real.')
    terminal.say(`  GitHub     ${rehearsal.url}`)
    terminal.say(`  App        ${rehearsal.app?.url ?? ''}`)
    terminal.say(`  artifacts  ${rehearsal.store}`)
    terminal.say(`  machine    ${machine.address}`)
    const played = await play({ terminal, rehearsal, machine, directory })
    const ok = conclude(terminal, { ...played, tookMs: performance.now() - started })
    if (options.keep && ok) await keepServing(terminal, { rehearsal, machine })
    return ok ? exitCodes.ok : exitCodes.no
  } finally {
    await end()
    for (const signal of signals) process.off(signal, interrupted)
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

interface Played extends Pick<Stage, 'steps' | 'promotions' | 'restarts'> {
  readonly traffic: TrafficCount
  readonly rings: readonly RingNow[]
}

type Parts = Pick<Stage, 'terminal' | 'rehearsal' | 'machine' | 'directory'>

async function play(parts: Parts): Promise<Played> {
  const { rehearsal } = parts
  const { app } = rehearsal
  if (app === undefined) throw new TypeError('the App was asked for')
  let desk: SupportDesk | undefined
  const stage: Stage = {
    ...parts,
    app,
    get desk() {
      if (desk === undefined) throw new TypeError('nothing was pushed yet')
      return desk
    },
    steps: [],
    promotions: 0,
    restarts: 0,
  }
  await chapters.firstVersion(stage, async () => {
    desk = await cloneSupportDesk(rehearsal, join(parts.directory, 'clone'))
  })
  const traffic = callProduction(stage)
  let count: TrafficCount | undefined
  try {
    await chapters.fourEyes(stage)
    await chapters.badVersion(stage)
    const pull = await chapters.killedApp(stage)
    await chapters.frozenProduction(stage, pull)
    await chapters.backAndForward(stage, pull)
    await chapters.abroad(stage)
    await chapters.nothingChanged(stage)
  } finally {
    count = await traffic.stop()
  }
  const { steps, promotions, restarts } = stage
  return { steps, promotions, restarts, traffic: count, rings: await readRings(rehearsal) }
}

function callProduction(stage: Stage): Traffic {
  const front = stage.machine.front('support', 'production')
  if (front === undefined) throw unexpected('production has no address on the machine')
  stage.terminal.say(`  from now on a client calls ${front} all the time`)
  return startTraffic(new URL('/healthz', front).href)
}

function conclude(terminal: Terminal, played: Played & { readonly tookMs: number }): boolean {
  const { rings, traffic, promotions, restarts, steps } = played
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
    promotions,
    restarts,
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
