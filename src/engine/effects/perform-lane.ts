import type { Effect } from '../../domain/effect.ts'
import type { ReasonCode } from '../../domain/reason-code.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { durationMs } from '../../domain/units.ts'
import type { EffectRecord } from '../../ports/control-store.ts'
import type { Lease } from '../../ports/leases.ts'
import { aroundWrites } from '../control/around-writes.ts'
import type { ControlPorts, RepositoryOnGithub } from '../control/control-ports.ts'
import { workLease } from '../control/work-lease.ts'
import { performDeed } from './perform-deed.ts'
import { performDisplay } from './perform-display.ts'
import { type Receipt, takeReceipt, takeRefusal } from './take-receipt.ts'

/** What says nothing of the effect itself. */
const passing: readonly ReasonCode[] = ['lease_lost', 'app_not_installed']
/** Whoever performs the lane now may have looked for more just before this was wanted. */
const patience = durationMs(5_000)

/**
 * Performs the effects of one lane, one after the other. Each is noted before it is done: whoever comes after a crash between the deed and
 * its receipt looks first whether it was done.
 *
 * @throws {RingwayError} when GitHub could not be asked: the work is done again later
 */
export async function performLane(
  ports: ControlPorts,
  { tenant, lane }: { readonly tenant: number; readonly lane: string },
): Promise<void> {
  const held = await ports.leases.hold(
    { name: `lane ${tenant} ${lane}`, duration: workLease, patience },
    async held => {
      // What is to be shown again by now has queued its own work, for the next second.
      while ((await performNext(ports, { tenant, lane, held })) === 'deed');
    },
  )
  if (held !== undefined) return
  throw new RingwayError({
    code: 'in_progress',
    kind: 'errored',
    message: `Another replica performs the lane ${lane}.`,
    remedy: 'Nothing needs to be done; it is tried again.',
  })
}

async function performNext(
  ports: ControlPorts,
  { tenant, lane, held }: { readonly tenant: number; readonly lane: string; readonly held: Lease },
): Promise<Effect['type'] | undefined> {
  const scope = { tenant, lease: held }
  const record = await ports.store.transaction(scope, async tx => {
    const next = await tx.effects.next(lane)
    if (next !== undefined) await tx.effects.begin(next.effect.key)
    return next
  })
  if (record === undefined) return undefined
  const outcome = await tryToPerform(fenced(ports, held), record)
  await ports.store.transaction(scope, async tx => {
    if (outcome.kind === 'done') {
      await tx.effects.finish(record, outcome.receipt)
      await takeReceipt(tx, record.effect, outcome.receipt)
    } else {
      await tx.effects.fail(record, outcome.error.message)
      await takeRefusal(tx, record.effect, outcome.error)
    }
  })
  return record.effect.type
}

/** Much is read before a change is made; whoever was frozen meanwhile must not make it beside its successor. */
function fenced(ports: ControlPorts, held: Lease): ControlPorts {
  const fence = (github: RepositoryOnGithub): RepositoryOnGithub =>
    aroundWrites(github, async (_write, change) => {
      held.check()
      return await change()
    })
  return {
    ...ports,
    github: async key => fence(await ports.github(key)),
    remembered: async key => {
      const { github, age } = await ports.remembered(key)
      return { github: fence(github), age }
    },
  }
}

type Outcome =
  | { readonly kind: 'done'; readonly receipt: Receipt }
  | { readonly kind: 'refused'; readonly error: RingwayError }

/** A no of GitHub's is an outcome; that it could not be asked, or that the App is not installed now, is not, and is thrown. */
async function tryToPerform(ports: ControlPorts, record: EffectRecord): Promise<Outcome> {
  const { effect } = record
  try {
    const receipt =
      effect.type === 'deed'
        ? await performDeed(ports, { effect, repeated: record.state === 'begun' })
        : await performDisplay(ports, { effect, repeated: record.state === 'begun' })
    return { kind: 'done', receipt }
  } catch (error) {
    if (error instanceof RingwayError && error.kind === 'failed' && !passing.includes(error.code)) {
      return { kind: 'refused', error }
    }
    throw error
  }
}
