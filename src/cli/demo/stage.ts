import type { Rehearsal, RehearsedApp, RehearsedRepository } from '../rehearsal.ts'
import type { Terminal } from '../terminal.ts'
import type { Meeting } from './conversation.ts'
import type { Machine } from './machine.ts'
import { type Deployed, isAt, readDeployments } from './rings.ts'
import type { SupportDesk } from './support-desk.ts'
import { unexpected, until } from './until.ts'

/** One thing that happened, for programs. */
export interface DemoStep {
  readonly step: string
  readonly version: string
  readonly ring: string
  readonly state: string
}

/** Everything that a demonstration works with, and what it counts. */
export interface Stage {
  readonly terminal: Terminal
  readonly rehearsal: Rehearsal
  readonly app: RehearsedApp
  readonly machine: Machine
  readonly desk: SupportDesk
  /** A directory of the demonstration. */
  readonly directory: string
  readonly steps: DemoStep[]
  /** How many versions people have brought into a ring with a comment, whatever became of them there. */
  promotions: number
  /** How often the App was started again. */
  restarts: number
}

/** What must be so when a step is over: which version each ring points to. */
type Goal = Readonly<Record<string, string>>

/** Where people speak about the first repository. */
export function meetingIn({ terminal, app, rehearsal }: Stage): Meeting {
  return { terminal, app, place: rehearsal }
}

/** Begins a chapter. */
export function chapter({ terminal }: Stage, title: string): void {
  terminal.say('')
  terminal.say(title)
}

/** Does something, waits until the rings are where they should be and nothing goes on, and says what has changed meanwhile. */
export async function step(
  stage: Stage,
  name: string,
  { act, goal, place = stage.rehearsal }: { act: () => Promise<void>; goal: Goal; place?: RehearsedRepository },
): Promise<void> {
  const before = new Map(readDeployments(place).map(one => [one.id, one.state]))
  await act()
  for (const [ring, version] of Object.entries(goal)) {
    await until(() => isAt(place, ring, version), `${ring} points to ${version}`)
  }
  await place.quiet()
  for (const [ring, version] of Object.entries(goal)) {
    if (!isAt(place, ring, version)) throw unexpected(`${ring} did not stay at ${version}`)
  }
  for (const one of readDeployments(place)) {
    if (before.get(one.id) === one.state) continue
    stage.steps.push({ step: name, version: one.version, ring: one.ring, state: one.state })
    stage.terminal.say(`  ${describeDeployment(one)}`)
  }
}

function describeDeployment({ ring, version, state, words }: Deployed): string {
  return `${ring.padEnd(11)}${version.padEnd(4)}${state.replaceAll('_', ' ').padEnd(13)}${words}`.trimEnd()
}
