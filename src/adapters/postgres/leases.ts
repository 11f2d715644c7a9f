import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { DurationMs } from '../../domain/units.ts'
import type { Lease, Leases } from '../../ports/leases.ts'
import type { Database, Transaction } from './database.ts'

const epoch = z.object({ epoch: z.number() })

/** A lease in the hands of this replica. */
interface Held {
  readonly name: string
  readonly epoch: number
  readonly holder: string
  readonly duration: DurationMs
}

/** Leases in the table `lease`. The clock of the database says when one ends; how long this replica believes in its own, its monotonic clock. */
export function createLeases(database: Database): Leases {
  return {
    hold: async ({ name, duration, patience = 0 }, work) => {
      const taken = await takeWithin(database, { name, duration, holder: randomUUID() }, patience)
      if (taken === undefined) return undefined
      const { held, asked } = taken
      const lease = keep(database, held, asked + duration)
      try {
        return { result: await work(lease) }
      } finally {
        lease.end()
        await giveBack(database, held)
      }
    },
  }
}

/**
 * Refuses what a replica that lost its lease wants to write. To be called first in the transaction: nobody can take the lease before that has ended.
 *
 * @throws {RingwayError} `lease_lost`
 */
export async function fence(tx: Transaction, lease: Lease): Promise<void> {
  lease.check()
  const [current] = await tx.query(epoch, 'select epoch from lease where name = $1 for share', [lease.name])
  if (current?.epoch !== lease.epoch) throw lost(lease.name)
}

/** Milliseconds between two questions for a lease that somebody else holds. */
const pause = 40

/** @returns the lease, and the instant before it was asked for: the database began to count later, so an end measured from there comes first */
async function takeWithin(
  database: Database,
  wanted: Omit<Held, 'epoch'>,
  patience: number,
): Promise<{ readonly held: Held; readonly asked: number } | undefined> {
  const end = performance.now() + patience
  for (;;) {
    const asked = performance.now()
    const held = await take(database, wanted)
    if (held !== undefined) return { held, asked }
    if (asked + pause > end) return undefined
    await sleep(pause)
  }
}

/** In one statement, so that of several replicas one gets it. The row stays when the lease is given back: its epoch never falls. */
async function take(database: Database, wanted: Omit<Held, 'epoch'>): Promise<Held | undefined> {
  const [taken] = await database.query(
    epoch,
    `insert into lease as kept (name, epoch, holder, until)
     values ($1, 1, $2, clock_timestamp() + $3 * interval '1 millisecond')
     on conflict (name) do update set epoch = kept.epoch + 1, holder = excluded.holder, until = excluded.until
       where kept.holder is null or kept.until <= clock_timestamp()
     returning epoch`,
    [wanted.name, wanted.holder, wanted.duration],
  )
  return taken && { ...wanted, epoch: taken.epoch }
}

function keep(database: Database, held: Held, firstEnd: number): Lease & { end(): void } {
  let believedUntil = firstEnd
  const timer = setInterval(() => {
    const asked = performance.now()
    // Where this fails the lease runs out by itself, unless the next time succeeds.
    renew(database, held).then(
      renewed => {
        believedUntil = renewed ? asked + held.duration : 0
      },
      () => undefined,
    )
  }, held.duration / 3)
  return {
    name: held.name,
    epoch: held.epoch,
    check: () => {
      if (performance.now() >= believedUntil) throw lost(held.name)
    },
    end: () => clearInterval(timer),
  }
}

async function renew(database: Database, { name, epoch: mine, holder, duration }: Held): Promise<boolean> {
  const sql = `update lease set until = clock_timestamp() + $4 * interval '1 millisecond' where name = $1 and epoch = $2 and holder = $3`
  return (await database.execute(sql, [name, mine, holder, duration])) === 1
}

/** One that cannot be given back runs out. */
async function giveBack(database: Database, { name, epoch: mine, holder }: Held): Promise<void> {
  const sql = 'update lease set holder = null where name = $1 and epoch = $2 and holder = $3'
  await database.execute(sql, [name, mine, holder]).catch(() => undefined)
}

function lost(name: string): RingwayError {
  return new RingwayError({
    code: 'lease_lost',
    message: `This replica held ${name} and did not answer for too long, so another one may work on it now.`,
    remedy: 'Nothing is to be done: the other replica goes on; if it happens often, give the App more processor time.',
    facts: { lease: name },
    kind: 'errored',
  })
}
