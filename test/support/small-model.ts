import fc from 'fast-check'
import { expect } from 'vitest'
import { type DeploymentState, isFinal } from '../../src/domain/deployment.ts'
import type { RingDeployment } from '../../src/domain/ring-deployment.ts'
import type { RingLock } from '../../src/domain/ring-lock.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import type { RunVerdict } from '../../src/domain/run-protocol.ts'
import type { Sha256Digest } from '../../src/domain/units.ts'
import type { SmallRun } from './small-github.ts'
import { historyOf, people, pullNumber, type SmallPerson, type SmallPolicy, type SmallWorld } from './small-world.ts'

const ringNames = ['dev', 'staging', 'production'] as const

type RingName = (typeof ringNames)[number]

/** What somebody said yes to. */
interface Yes {
  readonly by: number
  readonly digest: Sha256Digest
  readonly baseline: Sha256Digest | undefined
  readonly policy: string
}

/** What must be so, as simply as it can be said. */
export interface SmallModel {
  /** What each ring points to: the newest that was told to be active. */
  readonly pointers: Map<RingName, RingDeployment>
  readonly revisions: Map<RingName, number>
  /** By ring, what a check condemned. */
  readonly condemned: Map<RingName, Set<Sha256Digest>>
  yeses: readonly Yes[]
  /** Deployments that were there at the last look. */
  readonly known: Set<number>
  /** The lock of staging that somebody holds. */
  lock: RingLock | undefined
}

/** Nothing happened yet. */
export function createSmallModel(): SmallModel {
  return {
    pointers: new Map(),
    revisions: new Map(),
    condemned: new Map(ringNames.map(ring => [ring, new Set()])),
    yeses: [],
    known: new Set(),
    lock: undefined,
  }
}

/** As it stands: what comes from now on is judged. */
export async function modelOf(world: SmallWorld): Promise<SmallModel> {
  const model = createSmallModel()
  for (const { ring, history, pointer } of await readRings(world)) {
    const active = history.find(({ id }) => id === pointer.deployment)
    if (active !== undefined) model.pointers.set(ring, active)
    model.revisions.set(ring, pointer.revision)
    for (const { id } of history) model.known.add(id)
  }
  return model
}

/** One thing that may happen; what it did to the world is judged right after it. */
class Step implements fc.AsyncCommand<SmallModel, SmallWorld> {
  readonly words: string
  readonly act: (model: SmallModel, world: SmallWorld) => Promise<void>
  constructor(words: string, act: Step['act']) {
    this.words = words
    this.act = act
  }
  check(): boolean {
    return true
  }
  async run(model: SmallModel, world: SmallWorld): Promise<void> {
    await this.act(model, world)
    await expectSmallInvariants(model, world)
  }
  toString(): string {
    return this.words
  }
}

const person = fc.constantFrom(people.alice, people.bob, people.carol)
const ringName = fc.constantFrom(...ringNames)
const small = fc.nat({ max: 7 })

/** Everything that may happen. */
export const smallSteps: fc.Arbitrary<Step>[] = [
  ...repeat(2, fc.constant(new Step('build', (_, world) => world.build()))),
  fc.constant(new Step('build again', (_, world) => world.buildAgain())),
  ...repeat(3, fc.constant(new Step('all runs end well', letAllEndWell))),
  fc.constant(new Step('new head', async (_, world) => void (await world.head()))),
  ...repeat(
    3,
    fc
      .tuple(person, ringName, fc.nat({ max: 2 }))
      .map(([by, ring, back]) => said(by, `/promote ${ring} newest-${back}`)),
  ),
  person.map(by => said(by, '/promote dev', pullNumber)),
  person.map(by => new Step(`${by.login} approves`, (model, world) => answer(model, world, { by, isYes: true }))),
  person.map(by => new Step(`${by.login} rejects`, (model, world) => answer(model, world, { by, isYes: false }))),
  fc.tuple(person, ringName).map(([by, ring]) => said(by, `/rollback ${ring}`)),
  fc.constant(new Step('lock', (model, world) => lock(model, world, true))),
  fc.constant(new Step('unlock', (model, world) => lock(model, world, false))),
  ...repeat(
    3,
    fc
      .record({ frozen: fc.boolean(), approvals: fc.constantFrom(0, 1, 1, 2) })
      .map(policy => new Step(`rules ${JSON.stringify(policy)}`, (_, world) => world.rule(policy))),
  ),
  ...repeat(3, fc.constant(new Step('alice asks for staging and bob says yes', askAndSayYes))),
  ...repeat(
    4,
    small.map(index => new Step(`work ${index}`, (_, world) => workOnce(world, index))),
  ),
  ...repeat(2, fc.constant(new Step('settle', (_, world) => world.settle()))),
  ...repeat(
    5,
    small.map(index => new Step(`run ${index} goes on`, (model, world) => goOn(model, world, index))),
  ),
  fc
    .tuple(small, fc.boolean(), fc.boolean())
    .map(
      ([index, isSure, isBack]) =>
        new Step(
          `run ${index} fails, ${isSure ? 'a no' : 'could not ask'}, ${isBack ? 'put back' : 'not put back'}`,
          (model, world) => fail(model, world, { index, isSure, isBack }),
        ),
    ),
  small.map(index => new Step(`run ${index} vanishes`, (_, world) => vanish(world, index))),
  fc
    .constantFrom(1_000, 30_000, 20 * 60_000, 26 * 3_600_000)
    .map(time => new Step(`${time / 1_000} s pass`, async (_, world) => world.pass(time))),
]

function repeat<T>(times: number, one: T): readonly T[] {
  return Array.from({ length: times }, () => one)
}

/** `newest-1` in the text is the version before the newest. */
function said(by: SmallPerson, text: string, issue?: number): Step {
  return new Step(`${by.login} ${issue === undefined ? '' : 'on the pull request '}${text}`, async (_, world) => {
    if (issue !== undefined && !world.github.pulls.has(issue)) return
    const newest = world.github.versions.length
    const body = text.replace(/newest-([0-9])/, (_match, back) => `v${Math.max(1, newest - Number(back))}`)
    await world.say(by, body, issue)
  })
}

async function askAndSayYes(model: SmallModel, world: SmallWorld): Promise<void> {
  await world.say(people.alice, `/promote staging v${Math.max(1, world.github.versions.length)}`)
  await world.settle()
  await answer(model, world, { by: people.bob, isYes: true })
}

/** Every run goes on until it is over. */
export async function letAllEndWell(model: SmallModel, world: SmallWorld): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    await world.settle()
    await expectSmallInvariants(model, world)
    const run = world.github.runs.find(one => !one.completed)
    if (run === undefined) return
    await step(model, world, run)
    await expectSmallInvariants(model, world)
  }
}

async function answer(
  model: SmallModel,
  world: SmallWorld,
  { by, isYes }: { readonly by: SmallPerson; readonly isYes: boolean },
): Promise<void> {
  const waiting = await world.run(async tx => await tx.promotions.open(world.ring('staging')))
  const [pointer, policy] = [model.pointers.get('staging'), JSON.stringify(world.policy)]
  for (const { task, candidate } of waiting) {
    if (task !== 'deploy') continue
    const { digest } = candidate
    model.yeses = model.yeses.filter(yes => yes.by !== by.id || yes.digest !== digest)
    if (isYes && by.id !== people.carol.id)
      model.yeses = [...model.yeses, { by: by.id, digest, baseline: pointer?.digest, policy }]
  }
  await world.say(by, isYes ? '/approve staging' : '/reject staging')
}

async function lock(model: SmallModel, world: SmallWorld, isLocked: boolean): Promise<void> {
  await world.say(people.alice, isLocked ? '/lock staging --for 30d' : '/unlock staging')
  // One of too many commands in a minute is not carried out.
  const [held] = await world.run(tx => tx.rings.locks(world.key.repository))
  model.lock = held
}

async function workOnce(world: SmallWorld, index: number): Promise<void> {
  const due = await world.due()
  const work = due[index % Math.max(1, due.length)]
  if (work !== undefined) await world.perform(work)
}

function runAt(world: SmallWorld, index: number): SmallRun | undefined {
  const open = world.github.runs.filter(run => !run.completed)
  return open[index % Math.max(1, open.length)]
}

const way: Partial<Record<DeploymentState, 'packaged' | 'placed' | 'checked'>> = {
  building: 'packaged',
  deploying: 'placed',
  validating: 'checked',
}

async function goOn(model: SmallModel, world: SmallWorld, index: number): Promise<void> {
  const run = runAt(world, index)
  if (run !== undefined) await step(model, world, run)
}

/** The next thing that a run does on its way to active. @returns whether there is more */
async function step(model: SmallModel, world: SmallWorld, run: SmallRun): Promise<void> {
  const assignment = world.assigned.get(run.id)
  if (assignment === undefined) {
    const isRefused = await world.claim(run).then(
      () => false,
      (error: unknown) => {
        if (error instanceof RingwayError && error.kind === 'failed') return true
        throw error
      },
    )
    if (isRefused) await world.end(run)
    return
  }
  const now = await world.run(tx => tx.deployments.read(assignment.deployment))
  if (now === undefined) throw new TypeError('an assigned deployment is gone')
  if (isFinal(now.state) || now.state === 'active') return await world.end(run)
  const event = way[now.state]
  if (event === undefined) {
    await world.report(run, { event: 'put_back', ok: true })
    return await world.end(run)
  }
  const verdict = await world.report(run, { event })
  if (verdict.verdict === 'go_on' && now.state === 'validating') await activate(model, world, run)
  if (verdict.verdict === 'stop') await obey(world, run, verdict)
}

async function activate(model: SmallModel, world: SmallWorld, run: SmallRun): Promise<void> {
  const verdict = await world.report(run, { event: 'activated' })
  if (verdict.verdict === 'stop') return await obey(world, run, verdict)
  const id = world.assigned.get(run.id)?.deployment ?? 0
  const active = await world.run(tx => tx.deployments.read(id))
  const ring = ringNames.find(name => name === active?.key.ring)
  if (active?.state === 'active' && ring !== undefined) model.pointers.set(ring, active)
  await world.end(run)
}

async function obey(world: SmallWorld, run: SmallRun, { reason }: RunVerdict): Promise<void> {
  await world.report(run, { event: 'failed', reason, kind: 'failed' })
  await world.report(run, { event: 'put_back', ok: true })
  await world.end(run)
}

async function fail(
  model: SmallModel,
  world: SmallWorld,
  how: { readonly index: number; readonly isSure: boolean; readonly isBack: boolean },
): Promise<void> {
  const run = runAt(world, how.index)
  const assignment = run && world.assigned.get(run.id)
  if (run === undefined || assignment === undefined) return
  const before = await world.run(tx => tx.deployments.read(assignment.deployment))
  if (before === undefined) return
  const kind = how.isSure ? 'failed' : 'errored'
  const verdict = await world.report(run, {
    event: 'failed',
    kind,
    reason: how.isSure ? 'validation_failed' : 'github_unreachable',
  })
  const ring = ringNames.find(name => name === before.key.ring)
  const isCondemned = before.state === 'validating' && before.task === 'deploy' && how.isSure
  if (isCondemned && ring !== undefined) model.condemned.get(ring)?.add(before.digest)
  if (verdict.verdict === 'stop') await world.report(run, { event: 'put_back', ok: how.isBack })
  await world.end(run)
}

async function vanish(world: SmallWorld, index: number): Promise<void> {
  const run = runAt(world, index)
  if (run !== undefined) await world.end(run)
}

/** A first version in dev and staging, a second one in dev: the state that most things happen in. */
export async function beginInUse(model: SmallModel, world: SmallWorld): Promise<void> {
  await world.build()
  await letAllEndWell(model, world)
  await world.say(people.alice, '/promote staging v1')
  await answer(model, world, { by: people.bob, isYes: true })
  await letAllEndWell(model, world)
  await world.build()
  await letAllEndWell(model, world)
}

/** What must be so after every step. */
async function expectSmallInvariants(model: SmallModel, world: SmallWorld): Promise<void> {
  for (const { ring, history, pointer } of await readRings(world)) {
    const active = history.filter(({ state }) => state === 'active')
    expect(active.length, `${ring}: one is active`).toBeLessThanOrEqual(1)
    expect(pointer.deployment, `${ring}: the pointer is the newest activation`).toBe(model.pointers.get(ring)?.id)
    expect(pointer.revision, `${ring}: revisions rise`).toBeGreaterThanOrEqual(model.revisions.get(ring) ?? 0)
    model.revisions.set(ring, pointer.revision)
    for (const one of history) {
      if (model.known.has(one.id)) continue
      model.known.add(one.id)
      if (one.task === 'deploy') await expectMayEnter(model, world, { ring, entered: one })
      else expect(history.some(other => other.digest === one.digest && other.activatedAt !== undefined)).toBe(true)
    }
  }
  const { deployments, runs, reactions } = world.github
  const promotions = deployments.map(({ wanted }) => wanted.payload.promotion)
  expect(new Set(promotions).size, 'one GitHub Deployment for each promotion').toBe(promotions.length)
  expect(new Set(runs.map(run => run.promotion)).size, 'one run for each promotion').toBe(runs.length)
  expect(new Set(reactions).size, 'one reaction for each comment').toBe(reactions.length)
}

interface SeenRing {
  readonly ring: RingName
  readonly history: readonly RingDeployment[]
  readonly pointer: { readonly deployment: number | undefined; readonly revision: number }
}

async function readRings(world: SmallWorld): Promise<readonly SeenRing[]> {
  return await world.run(async tx => {
    const seen: SeenRing[] = []
    for (const ring of ringNames) {
      const key = world.ring(ring)
      const history = await tx.deployments.history(key, { limit: 1_000 })
      const pointer = (await tx.rings.read(key))?.pointer ?? { deployment: undefined, revision: 0 }
      seen.push({ ring, history, pointer })
    }
    return seen
  })
}

/** The gates, in one line each. */
async function expectMayEnter(
  model: SmallModel,
  world: SmallWorld,
  { ring, entered }: { readonly ring: RingName; readonly entered: RingDeployment },
): Promise<void> {
  const { policy } = world
  const promotion = await world.run(tx => tx.promotions.read(entered.promotion))
  expect(policy.frozen, `${ring}: nothing enters in a freeze`).toBe(false)
  // Whoever holds the lock keeps the others out.
  const isOthers = model.lock !== undefined && model.lock.by.id !== promotion?.requestedBy.id
  const isHeld = isOthers && entered.createdAt < (model.lock?.until ?? Number.POSITIVE_INFINITY)
  expect(ring === 'staging' && isHeld, 'nothing enters what is locked').toBe(false)
  expect(promotion?.requestedBy.id, 'who may only read promotes nothing').not.toBe(people.carol.id)
  for (const earlier of ringNames.slice(0, ringNames.indexOf(ring) + 1)) {
    expect(model.condemned.get(earlier)?.has(entered.digest), `${ring}: nothing in quarantine enters`).toBe(false)
  }
  if (ring !== 'staging') return
  const dev = await historyOf(world, 'dev')
  expect(
    dev.some(one => one.digest === entered.digest && one.activatedAt !== undefined),
    'it was in dev',
  ).toBe(true)
  const bound = model.yeses.filter(
    yes =>
      yes.digest === entered.digest &&
      yes.by !== promotion?.requestedBy.id &&
      yes.policy === JSON.stringify(policy) &&
      yes.baseline === model.pointers.get('staging')?.digest,
  )
  expect(bound.length, 'staging: as many said yes to exactly this').toBeGreaterThanOrEqual(policy.approvals)
}

async function isOver(world: SmallWorld): Promise<boolean> {
  if ((await world.untilNextDue()) === undefined) return true
  return await world.run(async tx => {
    const { repository } = world.key
    const open = await tx.promotions.find({ repository, open: true, limit: 1 })
    return open.length === 0 && (await tx.deployments.unfinished(repository)).length === 0
  })
}

/** Lets everything come to its end, and expects that it did. */
export async function expectAllEnds(model: SmallModel, world: SmallWorld): Promise<void> {
  const open: SmallPolicy = { frozen: false, approvals: 0 }
  await world.rule(open)
  for (let round = 0; round < 100; round += 1) {
    await world.settle()
    await expectSmallInvariants(model, world)
    const run = world.github.runs.find(one => !one.completed)
    const untold = world.github.runs.find(one => !one.isTold)
    if (run !== undefined) await step(model, world, run)
    else if (untold !== undefined) await world.end(untold)
    else if (await isOver(world)) break
    else world.pass(Math.max(0, (await world.untilNextDue()) ?? 0) + 1)
  }
  const unfinished = (await Promise.all(ringNames.map(ring => historyOf(world, ring))))
    .flat()
    .filter(({ state }) => !isFinal(state) && state !== 'active')
  // What could not be restored five times is left to people, who were told.
  const left = unfinished.filter(({ state }) => state !== 'rolling_back' && state !== 'deploying')
  expect(left, 'every deployment ends').toEqual([])
  const promotions = await world.run(tx =>
    tx.promotions.find({ repository: world.key.repository, open: true, limit: 100 }),
  )
  const waiting = promotions.filter(({ state, end }) => !(state === 'gated' && end !== undefined))
  const held = waiting.filter(({ key }) => !unfinished.some(one => one.key.ring === key.ring))
  expect(held, 'every promotion ends, or waits with a reason').toEqual([])
  const lanes = await world.run(tx => tx.effects.openLanes(world.key.repository))
  expect(lanes, 'everything is said').toEqual([])
}
