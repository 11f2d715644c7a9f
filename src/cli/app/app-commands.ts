import type { Command } from 'commander'
import { add, type Common } from '../add-command.ts'
import type { AnswerOptions, LockOptions, PromoteOptions, RollbackOptions } from './ring-verbs.ts'

const reason = ['--reason <words>', 'why; it stands in the audit log'] as const

/** Adds the commands that ask the App of RINGWAY_URL. */
export function addAppCommands(program: Command): void {
  add(
    program.command('status [ring]').description('say what each ring points to, what waits and who locked it'),
    async (terminal, { args: [ring] }) => {
      const { sayStatus } = await import('./status.ts')
      return await sayStatus(terminal, ring)
    },
  )
  add(
    program
      .command('drafts [solution]')
      .description('what pull requests built, whether it ever was deployed, and what deploys it'),
    async (terminal, { args: [solution] }) => {
      const { listDrafts } = await import('./drafts.ts')
      return await listDrafts(terminal, solution)
    },
  )
  addDeployments(program)
  addRingVerbs(program)
}

function addDeployments(program: Command): void {
  const deployments = program.command('deployments').description('what was placed where, when and by whom')
  add<Common & { readonly limit: string }>(
    deployments
      .command('list [ring]')
      .description('the newest deployments of a ring, or of all')
      .option('--limit <number>', 'at most so many, 1 to 100', '20'),
    async (terminal, { options, args: [ring] }) => {
      const { listDeployments } = await import('./deployments.ts')
      return await listDeployments(terminal, { ring, limit: options.limit })
    },
  )
  add(
    deployments
      .command('status <id>')
      .description('the states of one deployment as they came, and what its checks said'),
    async (terminal, { args: [id = ''] }) => {
      const { sayDeployment } = await import('./deployments.ts')
      return await sayDeployment(terminal, id)
    },
  )
}

function addRingVerbs(program: Command): void {
  add<Common & PromoteOptions>(
    program
      .command('promote <ring> <version>')
      .description('ask for a version, or a digest, in a ring')
      .option(...reason)
      .option('--dry-run', 'only say what its gates would say')
      .option('--hotfix', 'pass a freeze that excepts hotfixes; needs a reason')
      .option('--skip-order', 'pass over the rings before; needs a reason'),
    async (terminal, { options, args: [ring = '', artifact = ''] }) => {
      const { promote } = await import('./ring-verbs.ts')
      return await promote(terminal, { ring, artifact, options })
    },
  )
  add<Common & RollbackOptions>(
    program
      .command('rollback <ring> [version]')
      .description('bring back what was active and healthy in a ring before')
      .option(...reason)
      .option('--quarantine', 'keep the bad version out of this ring and later ones'),
    async (terminal, { options, args: [ring = '', artifact] }) => {
      const { rollBack } = await import('./ring-verbs.ts')
      return await rollBack(terminal, { ring, artifact, options })
    },
  )
  for (const verb of ['approve', 'reject'] as const) {
    add<Common & AnswerOptions>(
      program
        .command(`${verb} <ring> [promotion]`)
        .description(`${verb} the promotion that waits, exactly as it is shown`)
        .option(...reason),
      async (terminal, { options, args: [ring = '', promotion] }) => {
        const { answer } = await import('./ring-verbs.ts')
        return await answer(terminal, { verb, ring, promotion, options })
      },
    )
  }
  addLocks(program)
}

function addLocks(program: Command): void {
  const everyRing = ['--global', 'every ring of the repository'] as const
  add<Common & LockOptions>(
    program
      .command('lock [ring]')
      .description('keep promotions of everybody else out of a ring')
      .option(...everyRing)
      .option('--for <duration>', 'such as 2h; else until somebody unlocks it')
      .option(...reason),
    async (terminal, { options, args: [ring] }) => {
      const { lock } = await import('./ring-verbs.ts')
      return await lock(terminal, { ring, options })
    },
  )
  add<Common & LockOptions>(
    program
      .command('unlock [ring]')
      .description('end a lock; that of somebody else needs a stronger role')
      .option(...everyRing)
      .option(...reason),
    async (terminal, { options, args: [ring] }) => {
      const { unlock } = await import('./ring-verbs.ts')
      return await unlock(terminal, { ring, options })
    },
  )
}
