import type * as z from 'zod'
import { RingwayError } from '../../domain/ringway-error.ts'
import { textTable } from '../../text/table.ts'
import { exitCodes } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'
import { doneAnswer, nameIn } from './answers.ts'
import { type AppHere, findApp } from './ask-app.ts'
import { findRing, nameOf, pathOf } from './find-ring.ts'

interface Reasoned {
  readonly reason?: string
}

/** The options of `ringway promote`. */
export interface PromoteOptions extends Reasoned {
  readonly dryRun?: true
  readonly hotfix?: true
  readonly skipOrder?: true
}

/** The options of `ringway rollback`. */
export interface RollbackOptions extends Reasoned {
  readonly quarantine?: true
}

/** The options of `ringway approve` and `reject`. */
export type AnswerOptions = Reasoned

/** The options of `ringway lock` and `unlock`. */
export interface LockOptions extends Reasoned {
  readonly global?: true
  readonly for?: string
}

/** `ringway promote`: asks for a version in a ring. With `--dry-run` the answer is no when a gate would refuse it. */
export async function promote(
  terminal: Terminal,
  given: { readonly ring: string; readonly artifact: string; readonly options: PromoteOptions },
): Promise<number> {
  const { reason, dryRun, hotfix, skipOrder } = given.options
  const app = findApp(process.env)
  const ring = await findRing(app, given.ring)
  const named = given.artifact.startsWith('sha256:') ? { digest: given.artifact } : { version: given.artifact }
  const wish = { ...named, reason, dry_run: dryRun, hotfix, skip_order: skipOrder }
  return say(terminal, await app.ask(doneAnswer, `POST ${pathOf(ring)}/promotions`, wish))
}

/** `ringway rollback`: brings back what was active and healthy in a ring before. */
export async function rollBack(
  terminal: Terminal,
  given: { readonly ring: string; readonly artifact: string | undefined; readonly options: RollbackOptions },
): Promise<number> {
  const app = findApp(process.env)
  const ring = await findRing(app, given.ring)
  const { reason, quarantine } = given.options
  const wish = { to: given.artifact, reason, quarantine }
  return say(terminal, await app.ask(doneAnswer, `POST ${pathOf(ring)}/rollback`, wish))
}

/** `ringway approve` and `reject`: for the promotion that is shown; if another waits by the time that the answer comes, it is refused. */
export async function answer(
  terminal: Terminal,
  given: {
    readonly verb: 'approve' | 'reject'
    readonly ring: string
    readonly promotion: string | undefined
    readonly options: AnswerOptions
  },
): Promise<number> {
  const { verb, options } = given
  const app = findApp(process.env)
  const ring = await findRing(app, given.ring)
  const promotion = given.promotion ?? ring.promotion?.id
  if (promotion === undefined) throw nothingWaits(nameOf(ring))
  if (ring.promotion !== null) {
    const { id, requested_by: by } = ring.promotion
    terminal.progress(`${nameIn(ring.promotion)} for ${nameOf(ring)}, asked for by @${by.login} (${id})`)
  }
  return say(terminal, await app.ask(doneAnswer, `POST ${pathOf(ring)}/${verb}`, { promotion, ...options }))
}

interface LockCall {
  readonly ring: string | undefined
  readonly options: LockOptions
}

/** `ringway lock`: keeps promotions of everybody else out. */
export async function lock(terminal: Terminal, given: LockCall): Promise<number> {
  const app = findApp(process.env)
  const path = await lockPath(app, given)
  const { reason, for: duration } = given.options
  return say(terminal, await app.ask(doneAnswer, `PUT ${path}`, { for: duration, reason }))
}

/** `ringway unlock`: ends a lock. */
export async function unlock(terminal: Terminal, given: LockCall): Promise<number> {
  const app = findApp(process.env)
  const path = await lockPath(app, given)
  const { reason } = given.options
  const query = reason === undefined ? '' : `?${new URLSearchParams({ reason }).toString()}`
  return say(terminal, await app.ask(doneAnswer, `DELETE ${path}${query}`))
}

/** Every ring is meant only where that is said: a name that was forgotten would close them all. */
async function lockPath(app: AppHere, { ring, options }: LockCall): Promise<string> {
  if (ring !== undefined && options.global === undefined) {
    return `${pathOf(await findRing(app, ring))}/lock`
  }
  if (ring === undefined && options.global === true) return '/lock'
  throw new RingwayError({
    code: 'input_invalid',
    message: ring === undefined ? 'The ring is missing.' : '`--global` means every ring, and one is named too.',
    remedy: 'Name a ring, or write `--global` for every ring of the repository.',
  })
}

function say(terminal: Terminal, done: z.output<typeof doneAnswer>): number {
  const { message, verdicts = [] } = done
  terminal.say(message)
  if (verdicts.length > 0) {
    const rows = verdicts.map(({ gate, verdict, words }) => [gate, verdict, words])
    terminal.say(textTable(['GATE', 'VERDICT', 'WORDS'], rows))
  }
  const isRefused = verdicts.some(({ verdict }) => verdict === 'fail')
  terminal.result({ ok: !isRefused, ...done })
  return isRefused ? exitCodes.no : exitCodes.ok
}

function nothingWaits(ring: string): RingwayError {
  return new RingwayError({
    code: 'nothing_waiting',
    message: `No promotion into ${ring} waits.`,
    remedy: 'Type `ringway status` to see what does.',
  })
}
