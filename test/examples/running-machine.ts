import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const program = join(import.meta.dirname, '../../examples/machine/machine.mjs')

const versionSummary = z.object({
  id: z.string(),
  version: z.string(),
  digest: z.string(),
  state: z.string(),
  url: z.string(),
  inFlight: z.number(),
  components: z.array(z.object({ name: z.string(), pid: z.number().optional(), restarts: z.number().optional() })),
})
const ringSummary = z.object({
  solution: z.string(),
  ring: z.string(),
  front: z.string(),
  active: z.string().nullable(),
  versions: z.array(versionSummary),
})
const status = z.object({
  running: z.boolean(),
  address: z.string().optional(),
  pid: z.number().optional(),
  rings: z.array(ringSummary).optional(),
  waiting: z.array(versionSummary).optional(),
  orphans: z.array(z.object({ pid: z.number(), words: z.string() })).optional(),
})

/** What a command of the machine printed and how it ended. */
interface Said {
  readonly exitCode: number
  readonly output: string
}

/** A machine in a home of its own, as a user starts it. */
export interface RunningMachine {
  readonly home: string
  readonly address: () => string
  readonly tokenFile: string
  /** `machine.mjs <words> --home …` */
  command(...words: readonly string[]): Promise<Said>
  status(): Promise<z.infer<typeof status>>
  /** One ring's part of the status; fails where there is no such ring. */
  ring(name: string): Promise<z.infer<typeof ringSummary>>
  /** A verb of the control API. */
  post(verb: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }>
  /** `kill -9` of the daemon alone. */
  crash(): Promise<void>
  start(...options: readonly string[]): Promise<void>
  /** Ends everything and removes the home. */
  dispose(): Promise<void>
}

/**
 * Starts a machine on free ports.
 * @param options of `machine.mjs start`
 * @param environment what the machine finds otherwise than this process
 */
export async function startMachine(
  options: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningMachine> {
  const home = await mkdtemp(join(tmpdir(), 'ringway-machine-'))
  const tokenFile = join(home, 'token')
  let address = ''
  const command = (...words: readonly string[]): Promise<Said> => runMachine([...words, '--home', home], environment)
  const start = async (...words: readonly string[]): Promise<void> => {
    const { exitCode, output } = await command('start', '--json', '--port', '0', ...options, ...words)
    if (exitCode !== 0) throw new Error(output)
    address = z.object({ address: z.string() }).parse(JSON.parse(output)).address
  }
  const readStatus = async () => status.parse(JSON.parse((await command('status', '--json')).output))
  await start()
  return {
    home,
    address: () => address,
    tokenFile,
    command,
    start,
    status: readStatus,
    ring: async name => {
      const found = (await readStatus()).rings?.find(({ ring }) => ring === name)
      if (found === undefined) throw new Error(`no ring ${name}`)
      return found
    },
    post: async (verb, body) => {
      const authorization = `Bearer ${await readFile(tokenFile, 'utf8')}`
      const answer = await fetch(`${address}/v1/${verb}`, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify(body),
      })
      return { status: answer.status, body: await answer.json() }
    },
    crash: async () => {
      const { pid } = await readStatus()
      if (pid === undefined) throw new Error('the machine does not run')
      process.kill(pid, 'SIGKILL')
    },
    dispose: async () => {
      await command('stop')
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function runMachine(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Said> {
  // As in a job of GitHub: the machine must not carry the mark on.
  const env = { ...process.env, RUNNER_TRACKING_ID: 'github_test', ...environment }
  return await promisify(execFile)(process.execPath, [program, ...args], { env }).then(
    ({ stdout }) => ({ exitCode: 0, output: stdout }),
    (error: unknown) => {
      const failed = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() }).parse(error)
      return { exitCode: failed.code, output: `${failed.stdout}${failed.stderr}` }
    },
  )
}
