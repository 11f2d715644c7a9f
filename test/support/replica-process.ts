// A replica in a process of its own, so that it can be killed and frozen. Says what it does in lines on its output.
import { argv, stdout } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDeliveryWork } from '../../src/adapters/postgres/delivery-work.ts'
import { openEmbeddedServer } from '../../src/adapters/postgres/embedded-server.ts'
import { createLeases, fence } from '../../src/adapters/postgres/leases.ts'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'
import { openWorkQueue } from '../../src/adapters/postgres/work-queue.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import { durationMs } from '../../src/domain/units.ts'

const [, , role, place = '', schema = ''] = argv

function say(line: string): void {
  stdout.write(`${line}\n`)
}

function codeOf(error: unknown): string {
  return error instanceof RingwayError ? error.code : String(error)
}

/** Has a server of its own and writes rows until it is killed; each is named once it is committed. */
async function writeRows(): Promise<void> {
  const { adopted } = await openEmbeddedServer({ directory: place })
  const database = await openDatabase({ embedded: place })
  await database.execute('create table if not exists written (number integer primary key)')
  say(`adopted ${adopted}`)
  for (let number = 1; ; number += 1) {
    await database.execute('insert into written values ($1)', [number])
    say(`wrote ${number}`)
  }
}

/** Takes work and never ends it. */
async function takeWork(): Promise<void> {
  const database = await openDatabase({ url: place }, { schema })
  const queue = await openWorkQueue({ database, report: say })
  await queue.handle('ring', { concurrency: 1 }, async ({ key }) => {
    say(`began ${key.ring}`)
    await sleep(60_000)
  })
}

/** Takes deliveries and never ends one. */
async function takeDeliveries(): Promise<void> {
  const database = await openDatabase({ url: place }, { schema })
  openDeliveryWork({ database, report: say }).handle({ concurrency: 1 }, async guid => {
    say(`began ${guid}`)
    await sleep(60_000)
  })
}

/** Holds a lease, and once it has been frozen asks both guards. */
async function holdLease(): Promise<void> {
  const database = await openDatabase({ url: place }, { schema })
  await createLeases(database).hold({ name: 'thing', duration: durationMs(300) }, async lease => {
    // Before it says so, or it might be frozen between the two and never notice.
    let last = performance.now()
    say(`holds ${lease.epoch}`)
    for (; ; last = performance.now()) {
      await sleep(20)
      if (performance.now() - last > 500) break
    }
    try {
      lease.check()
      say('check passed')
    } catch (error) {
      say(`check ${codeOf(error)}`)
    }
    const unchecked = { ...lease, check: () => undefined }
    const written = database.transaction(tx => fence(tx, unchecked))
    say(
      await written.then(
        () => 'fence passed',
        error => `fence ${codeOf(error)}`,
      ),
    )
  })
  await database.close()
}

const roles: Readonly<Record<string, () => Promise<void>>> = { writeRows, takeWork, takeDeliveries, holdLease }
await roles[role ?? '']?.()
