import { auditSubject } from '../../domain/audit/audit-subject.ts'
import type { Command, LockCommand, RingReference } from '../../domain/command/command.ts'
import { type ResolvedRing, resolveRing } from '../../domain/command/resolve-ring.ts'
import type { RingLock } from '../../domain/ring-lock.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { epochMs } from '../../domain/units.ts'
import type { ControlTransaction } from '../../ports/control-store.ts'
import { sayInstant } from '../../text/instant.ts'
import { wakeWaiting } from '../control/wake-waiting.ts'
import { type CommandContext, expectAllowed, type ReadyCommand, unlessRefused } from './command-context.ts'

/** What a lock is on: a ring, or every ring of the repository. */
interface LockPlace {
  readonly ring: { readonly solution: string; readonly ring: string } | undefined
  readonly name: string
  /** The rings that it closes. */
  readonly rings: readonly ResolvedRing[]
}

/** `/lock`: keeps promotions of everybody else out. */
export function lockCommand(context: CommandContext, command: LockCommand): ReadyCommand {
  const place = placeOf(context, command.ring)
  for (const resolved of place.rings) expectAllowed(context, { command }, resolved)
  return async tx => {
    const held = await holder(tx, context, place)
    if (held !== undefined && held.by.id !== context.person.id) throw lockedBy(place, held)
    const lock: RingLock = {
      ring: place.ring,
      by: context.person,
      reason: command.reason,
      since: tx.now,
      until: command.duration === undefined ? undefined : epochMs(tx.now + command.duration),
      pullRequest: context.pull?.number,
    }
    await tx.rings.setLock(context.repository, place.ring, lock)
    await note(context, tx, { place, action: 'lock.taken', before: held, after: lock })
    if (lock.until !== undefined) await wakeAt(tx, context, { rings: place.rings, at: lock.until })
    const until = lock.until === undefined ? 'until somebody unlocks it' : `until ${sayInstant(lock.until)}`
    return { words: `${place.name} locked by @${context.person.login} ${until}. A rollback is never locked out.` }
  }
}

/** `/unlock`: ends a lock of one's own, or of somebody else's with the right to. */
export function unlockCommand(context: CommandContext, command: Extract<Command, { kind: 'unlock' }>): ReadyCommand {
  const place = placeOf(context, command.ring)
  return async tx => {
    const held = await holder(tx, context, place)
    if (held === undefined) return { words: `${place.name} not locked.` }
    const isOwnLock = held.by.id === context.person.id
    for (const resolved of place.rings) expectAllowed(context, { command, isOwnLock }, resolved)
    await tx.rings.setLock(context.repository, place.ring, undefined)
    await note(context, tx, { place, action: 'lock.released', before: held, after: undefined })
    await wakeWaiting(tx, context)
    return {
      words: `${place.name} open again; @${held.by.login} had locked ${place.ring === undefined ? 'them' : 'it'}.`,
    }
  }
}

/** `/lock --details`: who keeps promotions out, since when and why. */
export function showLockCommand(
  context: CommandContext,
  command: Extract<Command, { kind: 'show_lock' }>,
): ReadyCommand {
  const place = placeOf(context, command.ring)
  return async tx => {
    const locks = (await tx.rings.locks(context.repository)).filter(
      ({ ring }) => ring === undefined || place.ring === undefined || isSame(ring, place.ring),
    )
    const lines = locks.map(lockLine)
    return lines.length === 0 ? { words: `${place.name} not locked.` } : { words: lines.join(' ') }
  }
}

function lockLine({ ring, by, since, until, reason }: RingLock): string {
  const what = ring === undefined ? 'Every ring' : `${ring.solution}/${ring.ring}`
  const end = until === undefined ? 'until somebody unlocks it' : `until ${sayInstant(until)}`
  return `${what} has been locked by @${by.login} since ${sayInstant(since)} ${end}${reason === undefined ? '' : `: ${reason}`}.`
}

function placeOf({ policy }: CommandContext, reference: RingReference | undefined): LockPlace {
  if (reference === undefined) {
    const rings = policy.ringFile.solutions.flatMap(solution =>
      solution.rings.map(ring => ({ kind: 'ring', solution, ring }) as const),
    )
    return { ring: undefined, name: 'Every ring of the repository is', rings }
  }
  const resolved = unlessRefused(resolveRing(policy.ringFile, reference))
  const { solution, ring } = resolved
  return { ring: { solution: solution.name, ring: ring.name }, name: `${ring.name} is`, rings: [resolved] }
}

async function holder(
  tx: ControlTransaction,
  { repository }: CommandContext,
  { ring }: LockPlace,
): Promise<RingLock | undefined> {
  const locks = await tx.rings.locks(repository)
  return locks.find(lock =>
    ring === undefined ? lock.ring === undefined : lock.ring !== undefined && isSame(lock.ring, ring),
  )
}

function isSame(a: NonNullable<LockPlace['ring']>, b: NonNullable<LockPlace['ring']>): boolean {
  return a.solution === b.solution && a.ring === b.ring
}

async function wakeAt(
  tx: ControlTransaction,
  { tenant, repository }: CommandContext,
  { rings, at }: Pick<LockPlace, 'rings'> & { readonly at: NonNullable<RingLock['until']> },
): Promise<void> {
  for (const { solution, ring } of rings) {
    await tx.queue.send({ kind: 'ring', key: { tenant, repository, solution: solution.name, ring: ring.name } }, at)
  }
}

async function note(
  { person, cause, repository }: CommandContext,
  tx: ControlTransaction,
  done: { place: LockPlace; action: string; before: RingLock | undefined; after: RingLock | undefined },
): Promise<void> {
  const { ring } = done.place
  const words = (lock: RingLock | undefined): string | null => (lock === undefined ? null : lockLine(lock))
  await tx.audit.append({
    actor: person,
    cause,
    action: done.action,
    subject: auditSubject({ repository }, ring === undefined ? { kind: 'repository' } : { kind: 'ring', ...ring }),
    before: words(done.before),
    after: words(done.after),
  })
}

function lockedBy({ name }: LockPlace, held: RingLock): RingwayError {
  return new RingwayError({
    code: 'locked',
    message: `${name} locked already. ${lockLine(held)}`,
    remedy: `Ask @${held.by.login}, or comment \`/unlock\`.`,
  })
}
