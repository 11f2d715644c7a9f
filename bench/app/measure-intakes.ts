import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { type EmbeddedServer, openEmbeddedServer } from '../../src/adapters/postgres/embedded-server.ts'
import { openDatabase } from '../../src/adapters/postgres/open-database.ts'
import { percentile } from '../measurement.ts'
import { type Payload, readPayloads } from './payloads.ts'
import { type IntakeName, intakeNames, programOf } from './programs.ts'
import { type Sent, sendDeliveries } from './send-deliveries.ts'
import { startIntake } from './start-intake.ts'

/** One intake in one round. */
export interface IntakeRound {
  /** Deliveries a second with as many connections as there may be bodies in half the allowance, each sending the next when it has an answer. */
  readonly perSecond: number
  readonly p99Ms: number
  /** At 200 a second. */
  readonly calmP99Ms: number
  /** Not answered with a 2xx. */
  readonly failures: number
}

/** All rounds of each. */
export type IntakeRounds = Readonly<Record<IntakeName, readonly IntakeRound[]>>

const rounds = 5
const connections = 32
/** Milliseconds. */
const times = { warming: 1_500, full: 4_000, calm: 4_000 }

/** Every intake in every round, in turn, so that what else the machine does hits all alike; each with an empty database. */
export async function measureIntakes(say: (words: string) => void): Promise<IntakeRounds> {
  const payloads = readPayloads()
  const found: Record<IntakeName, IntakeRound[]> = { probot: [], insertEach: [], grouped: [], ringway: [], app: [] }
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of intakeNames) found[name].push(await measureOne(name, payloads))
    say(`${round}: ${intakeNames.map(name => `${name} ${found[name].at(-1)?.perSecond.toFixed(0)}/s`).join(', ')}`)
  }
  return found
}

async function measureOne(name: IntakeName, payloads: readonly Payload[]): Promise<IntakeRound> {
  return await inEmptyPlace(async places => {
    const intake = await startIntake(programOf(name, places))
    try {
      const load = { url: intake.url, payloads, connections }
      await sendDeliveries({ ...load, ms: times.warming })
      const full = await sendDeliveries({ ...load, ms: times.full })
      const calm = await sendDeliveries({ ...load, ms: times.calm, rate: 200 })
      return {
        perSecond: (full.accepted.length / full.elapsedMs) * 1_000,
        p99Ms: percentile(full.latenciesMs, 99),
        calmP99Ms: percentile(calm.latenciesMs, 99),
        failures: full.failures + calm.failures,
      }
    } finally {
      await intake.kill('SIGKILL')
    }
  })
}

/** What became of deliveries to an App that was killed while it took them. */
export interface Loss {
  readonly acknowledged: number
  /** Acknowledged, and not in the inbox. */
  readonly lost: number
}

/** Milliseconds under full load before each kill. */
const kills = [700, 1_300, 2_100, 2_900, 3_700]

/** Kills the App under full load with SIGKILL, and looks for every delivery that it acknowledged. */
export async function measureLoss(): Promise<readonly Loss[]> {
  const payloads = readPayloads()
  const found: Loss[] = []
  for (const after of kills) {
    found.push(
      await inEmptyPlace(async places => {
        const app = await startIntake(programOf('app', places))
        const sending = sendDeliveries({ url: app.url, payloads, connections, ms: after + 3_000 })
        await new Promise(resolve => setTimeout(resolve, after))
        await app.kill('SIGKILL')
        return await lossOf(await sending, join(places.data, 'postgres'))
      }),
    )
  }
  return found
}

async function lossOf({ accepted }: Sent, embedded: string): Promise<Loss> {
  const database = await openDatabase({ embedded })
  try {
    const sql = 'select count(*) as kept from inbox where guid = any($1)'
    const [row] = await database.query(z.object({ kept: z.number() }), sql, [accepted])
    return { acknowledged: accepted.length, lost: accepted.length - (row?.kept ?? 0) }
  } finally {
    await database.close()
  }
}

async function inEmptyPlace<T>(
  use: (places: { readonly databaseUrl: string; readonly data: string }) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'ringway-bench-app-'))
  // As root, the database runs as another user.
  await chmod(home, 0o755)
  const data = join(home, 'data')
  const server = await openEmbeddedServer({ directory: join(home, 'postgres') })
  try {
    return await use({ data, databaseUrl: urlOf(server) })
  } finally {
    await stop(server)
    // The App's own server outlives an App that was killed.
    const own = join(data, 'postgres')
    if (existsSync(own)) await stop(await openEmbeddedServer({ directory: own }))
    await rm(home, { recursive: true, force: true })
  }
}

function urlOf({ connection }: EmbeddedServer): string {
  return `postgres://${connection.user}@/${connection.database}?host=${encodeURIComponent(connection.host)}`
}

async function stop(server: EmbeddedServer): Promise<void> {
  // Connections of a process that was killed are noticed after a moment.
  for (let tries = 0; tries < 100 && !(await server.stop()); tries += 1) {
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
