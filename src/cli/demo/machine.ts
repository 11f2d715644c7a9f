import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { productRoot } from '../rehearsal.ts'

const program = join(productRoot, 'examples', 'machine', 'machine.mjs')

/** The example's machine: what stands for the user's server. It outlives the jobs that deploy onto it. */
export interface Machine {
  readonly address: string
  readonly token: string
  /** Where a ring answers; undefined before anything was active there. */
  front(solution: string, ring: string): string | undefined
  stop(): void
}

const started = z.object({ address: z.string(), token: z.string() })
const status = z.object({
  rings: z.array(z.object({ solution: z.string(), ring: z.string(), front: z.string() })),
})

/** Starts a machine that keeps everything below `home`. */
export function startMachine(home: string): Machine {
  const { address, token } = started.parse(ask(['start', '--home', home, '--port', '0', '--json']))
  return {
    address,
    token: readFileSync(token, 'utf8').trim(),
    front(solution, ring) {
      const { rings } = status.parse(ask(['status', '--home', home, '--json']))
      return rings.find(one => one.solution === solution && one.ring === ring)?.front
    },
    stop: () => void ask(['stop', '--home', home, '--json']),
  }
}

function ask(args: readonly string[]): unknown {
  const done = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
  if (done.status !== 0)
    throw new Error(`The example's machine failed (${args[0] ?? ''}): ${done.stderr || done.stdout}`)
  return JSON.parse(done.stdout)
}
