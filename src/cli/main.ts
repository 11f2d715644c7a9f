import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { add, type Common } from './add-command.ts'
import { addAppCommands } from './app/app-commands.ts'
import { exitCodes } from './exit-code.ts'
import { usualRingFile } from './usual-places.ts'

const program = new Command('ringway')
  .description('Ring-based deployments for GitHub: one immutable artifact, one atomic pointer per ring.')
  .version(readVersion())
  .showHelpAfterError('Type `ringway --help` for all commands.')
  // Commander ends a wrong command line with 1, which says here that the answer is no.
  .exitOverride(error => process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage))

add(
  program.command('init').description('write a ring file and the workflow for the repository you stand in'),
  async terminal => {
    const { init } = await import('./init.ts')
    return await init(terminal)
  },
)

add<Common & { readonly ringFile: string }>(
  program
    .command('validate')
    .description('say every problem of the ring file')
    .option('--ring-file <path>', 'the ring file', usualRingFile),
  async (terminal, { options }) => {
    const { validate } = await import('./validate.ts')
    return await validate(terminal, options)
  },
)

interface Local extends Common {
  readonly ringFile: string
  readonly store?: string
  readonly solution?: string
}

/** The options of commands that work with artifacts on this machine. */
const local = (command: Command): Command =>
  command
    .option('--solution <name>', 'the solution, where the ring file declares several')
    .option('--store <location>', 'oci://host/name or oci-layout:path; else RINGWAY_STORE')
    .option('--ring-file <path>', 'the ring file', usualRingFile)

add<Local>(
  local(
    program
      .command('build')
      .description('build the working tree as the job would; a draft in .ringway/store, deployed nowhere'),
  ),
  async (terminal, { options }) => {
    const { build } = await import('./build.ts')
    return await build(terminal, options)
  },
)

add<Local>(
  local(
    program
      .command('show <artifact>')
      .description('what a version (of the registry) or a digest holds, and who built it from what'),
  ),
  async (terminal, { options, args: [artifact = ''] }) => {
    const { show } = await import('./show.ts')
    return await show(terminal, { ...options, artifact })
  },
)

add<Local & { readonly rebuild?: true }>(
  local(program.command('verify <artifact>').description('pull a version or digest and hash every byte of it')).option(
    '--rebuild',
    'build its commit again, which must give the same content',
  ),
  async (terminal, { options, args: [artifact = ''] }) => {
    const { verify } = await import('./verify.ts')
    return await verify(terminal, { ...options, artifact, rebuild: options.rebuild === true })
  },
)

add(
  program.command('doctor').description('say what is missing here and on GitHub, each with its fix'),
  async terminal => {
    const { doctor } = await import('./doctor.ts')
    return await doctor(terminal)
  },
)

add(
  program
    .command('audit')
    .description('the log of who did what')
    .command('verify')
    .description(
      'say whether every entry is the one that was written; reads the database that DATABASE_URL or RINGWAY_DATA names, else asks the App of RINGWAY_URL',
    ),
  async terminal => {
    const { verifyAudit } = await import('./audit.ts')
    return await verifyAudit(terminal, process.env)
  },
)

addAppCommands(program)

add<Common & { readonly port: string; readonly env: readonly string[]; readonly app?: true }>(
  program
    .command('sandbox')
    .description('play GitHub for the repository you stand in: push, approve, comment, watch')
    .option('--port <number>', 'the port on 127.0.0.1; 0 takes a free one', '0')
    .option('--env <names...>', 'variables of this terminal that jobs find in their environment', [])
    .option('--app', 'start the App beside it, installed on the repository: commands in comments, gates, approvals'),
  async (terminal, { options }) => {
    const { sandbox } = await import('./sandbox.ts')
    return await sandbox(terminal, { port: readPort(options.port), env: options.env, app: options.app === true })
  },
)

add<Common & { readonly keep?: true }>(
  program
    .command('demo')
    .description('watch a solution go from a push to production and back, on this machine')
    .option('--keep', 'go on serving afterwards, until Ctrl-C'),
  async (terminal, { options }) => {
    const { demo } = await import('./demo/demo.ts')
    return await demo(terminal, { keep: options.keep === true })
  },
)

await program.parseAsync()

function readPort(text: string): number {
  const port = Number(text)
  if (/^[0-9]{1,5}$/.test(text) && port <= 65_535) return port
  return program.error(`--port: expected a number from 0 to 65535, got ${text}`, { exitCode: exitCodes.usage })
}

function readVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')
  const parsed: unknown = JSON.parse(text)
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '0'
}
