import { AsyncLocalStorage } from 'node:async_hooks'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { type AroundWrite, aroundWrites } from '../../src/engine/control/around-writes.ts'
import type { ControlPorts } from '../../src/engine/control/control-ports.ts'
import type { DeliveryWork, Inbox } from '../../src/ports/inbox.ts'
import type { Leases } from '../../src/ports/leases.ts'
import type { WorkQueue } from '../../src/ports/work-queue.ts'
import { type CrashStep, crashSteps, type ReachPoint, readCrashPoints } from './crash-point.ts'

/** Puts crash points around what the App commits and changes outside. */
export interface Crashes {
  database(database: Database): Database
  inbox(inbox: Inbox): Inbox
  leases(leases: Leases): Leases
  control(control: ControlPorts): ControlPorts
  /** Their handlers know which work their commits belong to. */
  deliveries(work: Pick<DeliveryWork, 'handle'>): Pick<DeliveryWork, 'handle'>
  queue(queue: Pick<WorkQueue, 'handle'>): Pick<WorkQueue, 'handle'>
  /** Says that the commits of the handlers of these routes are those of requests. */
  requests(routes: FastifyInstance): void
}

/** @param text - `RINGWAY_CRASH_AT`; absent, everything is left as it is */
export function createCrashes(text: string | undefined): Crashes {
  return text === undefined ? none : deadly(readCrashPoints(text))
}

const none: Crashes = {
  database: database => database,
  inbox: inbox => inbox,
  leases: leases => leases,
  control: control => control,
  deliveries: work => work,
  queue: queue => queue,
  requests: () => undefined,
}

const wrote = z.object({ wrote: z.boolean() })

function deadly(reach: ReachPoint): Crashes {
  /** What the work that goes on now belongs to. */
  const belonging = new AsyncLocalStorage<string>()
  const around = async <T>(step: CrashStep, work: () => Promise<T>): Promise<T> => {
    reach(`${step}.before`)
    const result = await work()
    reach(`${step}.after`)
    return result
  }
  const change: AroundWrite = (write, make) => around(`github.${write}`, make)
  return {
    database: database => ({
      ...database,
      async transaction(work, options) {
        const step = stepOfCommit(belonging.getStore())
        if (step === undefined) return await database.transaction(work, options)
        let isWritten = false
        const result = await database.transaction(async tx => {
          const result = await work(tx)
          // Reading alone takes no number of a transaction: dying then shows nothing.
          const sql = 'select pg_current_xact_id_if_assigned() is not null as wrote'
          isWritten = (await tx.query(wrote, sql))[0]?.wrote === true
          if (isWritten) reach(`${step}.before`)
          return result
        }, options)
        if (isWritten) reach(`${step}.after`)
        return result
      },
    }),
    inbox: inbox => ({
      ...inbox,
      accept: delivery => around('inbox.accept', () => inbox.accept(delivery)),
      conclude: (...end) => around('inbox.conclude', () => inbox.conclude(...end)),
    }),
    leases: leases => ({
      hold: (request, work) => leases.hold(request, lease => around('lease', () => work(lease))),
    }),
    control: control => ({
      ...control,
      github: async key => aroundWrites(await control.github(key), change),
      remembered: async key => {
        const { github, age } = await control.remembered(key)
        return { github: aroundWrites(github, change), age }
      },
    }),
    deliveries: work => ({
      handle: (options, handler) => work.handle(options, guid => belonging.run('delivery', () => handler(guid))),
    }),
    queue: queue => ({
      handle: (kind, options, handler) => queue.handle(kind, options, work => belonging.run(kind, () => handler(work))),
    }),
    requests(routes) {
      // Right before the handler: reading a body begins an asynchronous life of its own.
      routes.addHook('preHandler', (_request, _reply, done) => belonging.run('request', done))
    },
  }
}

function stepOfCommit(belongsTo: string | undefined): CrashStep | undefined {
  const step = `commit.${belongsTo ?? ''}`
  return crashSteps.find(one => one === step)
}
