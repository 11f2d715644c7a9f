import { once } from 'node:events'
import { join } from 'node:path'
import type { CrashPoint } from '../../app/crashes/crash-point.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'
import { type ControlBench, type ControlBenchOptions, openControlBench } from './control-bench.ts'

/** A point, and the time at which it is deadly. */
export type DeadlyPoint = CrashPoint | `${CrashPoint}:${number}`

/** A bench whose App dies at one crash point after the other, and is started again each time. */
export interface DeadlyBench extends ControlBench {
  /** The App's database, beside the App. */
  readonly database: Database
  /** Where it is still to die. */
  readonly deadly: ReadonlySet<string>
  /** Where it died, in order. */
  readonly died: readonly string[]
  /** Ends the App and starts it with these points: whichever it reaches first is where it dies, and so on. */
  arm(points: readonly DeadlyPoint[]): Promise<void>
}

/** Opens the bench with an App that lives. */
export async function openDeadlyBench(options: ControlBenchOptions): Promise<DeadlyBench> {
  const bench = await openControlBench(options)
  const database = await openDatabase({ embedded: join(bench.data, 'postgres') })
  const deadly = new Set<string>()
  const died: string[] = []
  let isOver = false
  const start = (): void => bench.app.start(deadly.size === 0 ? {} : { RINGWAY_CRASH_AT: [...deadly].join(',') })
  const keepAlive = async (): Promise<void> => {
    for (;;) {
      const { child } = bench.app
      // Its last words may be read after its exit; what it said before may be read after them, from its other stream.
      if (!child.stderr?.closed) await once(child, 'close')
      if (isOver) return
      const said = [...bench.app.words().matchAll(/^crash point (\S+)$/gm)].map(([, point]) => point)
      const last = said[died.length]
      if (last === undefined) throw new Error(`the App ended by itself:\n${bench.app.words()}`)
      const point = [...deadly].find(one => one === last || one.startsWith(`${last}:`))
      died.push(point ?? last)
      deadly.delete(point ?? last)
      start()
    }
  }
  let alive: Promise<void> | undefined
  return {
    ...bench,
    database,
    deadly,
    died,
    async arm(points) {
      for (const point of points) deadly.add(point)
      await bench.app.kill('SIGKILL')
      start()
      alive = keepAlive()
      // Said when the bench is closed.
      alive.catch(() => undefined)
    },
    async close() {
      isOver = true
      await database.close()
      await bench.close()
      await alive
    },
  }
}
