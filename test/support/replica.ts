import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

/** A replica in a process of its own. */
export interface Replica {
  /** The next line that fits, of those that it has not given yet. @throws {Error} when it ends before it says one */
  line(pattern: RegExp): Promise<string>
  /** All that it said so far. */
  readonly said: readonly string[]
  signal(signal: NodeJS.Signals): void
  /** Resolves when it has ended. */
  kill(): Promise<void>
}

/** Starts one of the roles of `replica-process.ts`; it is killed at the end of the test. */
export function startReplica(
  role: 'writeRows' | 'takeWork' | 'takeDeliveries' | 'holdLease',
  ...args: readonly string[]
): Replica {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'replica-process.ts'), role, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  const errors: string[] = []
  const exited = once(child, 'exit')
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  const lines = createInterface({ input: child.stdout })
  lines.on('line', line => said.push(line))
  let read = 0
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
  }
  onTestFinished(kill)
  return {
    said,
    kill,
    signal: signal => {
      child.kill(signal)
    },
    line: async pattern => {
      for (;;) {
        const found = said.findIndex((line, index) => index >= read && pattern.test(line))
        if (found !== -1) {
          read = found + 1
          return said[found] ?? ''
        }
        const next = await Promise.race([once(lines, 'line'), exited.then(() => undefined)])
        if (next === undefined && !said.slice(read).some(line => pattern.test(line))) {
          throw new Error(`The replica ended before it said ${pattern}:\n${said.join('\n')}\n${errors.join('')}`)
        }
      }
    },
  }
}
