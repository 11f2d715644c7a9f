import { auditSubject } from '../../domain/audit/audit-subject.ts'
import { checkAge } from '../../domain/command/binding.ts'
import { admitCommand } from '../../domain/command/rate-limit.ts'
import { type Reading, readCommand } from '../../domain/command/read-command.ts'
import { defaultVerbs } from '../../domain/command/verbs.ts'
import { reaction, show } from '../../domain/effect.ts'
import type { Person } from '../../domain/promotion.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { EpochMs } from '../../domain/units.ts'
import type { ControlTransaction, ConversationRecord } from '../../ports/control-store.ts'
import { answerText, refusalText } from '../../text/command-answer.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import { type RepositoryPolicy, readPolicy } from '../control/read-policy.ts'
import { readyCommand } from './carry-out-command.ts'
import { type CommandContext, unlessRefused } from './command-context.ts'
import { makeContext } from './make-context.ts'

/** A comment that was just made on a pull request or an issue. */
export interface HeardComment extends RepositoryKey {
  readonly issue: number
  readonly isPullRequest: boolean
  readonly comment: number
  readonly body: string
  readonly author: Person & { readonly kind: 'user' | 'bot' }
  /** The App through which it was written. */
  readonly app: number | undefined
  readonly createdAt: EpochMs
}

/**
 * Hears a comment: if it is a command it is acknowledged with a reaction, carried out once, and answered in the sticky comment. Every
 * refusal names its reason and what to do next.
 */
export async function hearComment(ports: ControlPorts, heard: HeardComment): Promise<void> {
  if (isProse(heard.body)) return
  const policy = await readPolicy(ports, heard).catch(unlessUnreadable)
  if (policy instanceof RingwayError) return await answerUnread(ports, heard, policy)
  const verbs = policy.ringFile.commands.words
  const reading = readCommand(heard.body, verbs)
  if (reading.kind === 'none') return
  if (!isHeard(ports, policy, heard)) return
  const context = await contextOf(ports, policy, heard)
  try {
    const command = expectCommand(reading)
    unlessRefused(checkAge(heard.createdAt, await nowOf(context), policy.ringFile.commands.ttl))
    const ready = await readyCommand(context, command)
    await ports.store.transaction(heard, async tx => {
      if (!(await admit(tx, heard))) return
      const text = answerText(heard.author.login, await ready(tx), verbs)
      await answer(tx, heard, { reaction: 'rocket', text, head: headOf(context) })
    })
  } catch (error) {
    if (!(error instanceof RingwayError) || error.kind === 'errored') throw error
    await refuse(context, heard, error)
  }
}

/** Whatever words a repository chose for its commands, each begins with a sign that no sentence begins with: most comments cost nothing. */
function isProse(body: string): boolean {
  return /^\s*(?:$|[\p{L}\p{N}>`*#|[\]()"'_~@<+=-])/u.test(body)
}

function expectCommand(reading: Exclude<Reading, { kind: 'none' }>): Extract<Reading, { kind: 'command' }>['command'] {
  if (reading.kind === 'command') return reading.command
  throw new RingwayError({ code: reading.code, message: reading.message, remedy: reading.remedy })
}

/** Bots are not heard, unless the ring file names their App: two bots that answer each other never end. */
function isHeard(ports: ControlPorts, { ringFile }: RepositoryPolicy, { author, app }: HeardComment): boolean {
  if (app === ports.self.id) return false
  if (author.kind === 'user' && app === undefined) return true
  return app !== undefined && ringFile.allowedBots.includes(app)
}

async function contextOf(ports: ControlPorts, policy: RepositoryPolicy, heard: HeardComment): Promise<CommandContext> {
  const { repository, issue, comment, author, app } = heard
  const [pull, record] = await Promise.all([
    heard.isPullRequest ? policy.github.pullRequests.read(issue) : undefined,
    ports.store.transaction(heard, tx => tx.conversations.read(repository, issue)),
  ])
  return await makeContext(ports, heard, {
    policy,
    app,
    person: author,
    cause: { kind: 'comment', id: String(comment) },
    source: { kind: 'comment', issue, comment },
    id: comment,
    issue,
    pull,
    head: record?.head?.commit,
    givenAt: heard.createdAt,
  })
}

async function nowOf({ ports, tenant }: CommandContext): Promise<EpochMs> {
  return await ports.store.transaction({ tenant }, async tx => tx.now)
}

/** Takes a command in once, and no more of one person's than anybody types. */
async function admit(tx: ControlTransaction, heard: HeardComment): Promise<boolean> {
  const admission = admitCommand(await tx.commands.recent(heard.author.id), tx.now)
  const admitted = admission.kind === 'admitted'
  const isNew = await tx.commands.take({ key: `comment ${heard.comment}`, actor: heard.author.id, admitted })
  if (!isNew) return false
  if (!admitted && admission.isFirst) {
    const error = new RingwayError({
      code: 'rate_limited',
      message: 'Too many commands came at once; those after the tenth in a minute are not carried out.',
      remedy: 'Wait a minute, then give the command that matters.',
    })
    await answer(tx, heard, { reaction: 'confused', text: refusalText(heard.author.login, error) })
  }
  return admitted
}

async function refuse(context: CommandContext, heard: HeardComment, error: RingwayError): Promise<void> {
  await context.ports.store.transaction(heard, async tx => {
    if (!(await admit(tx, heard))) return
    await tx.audit.append({
      actor: context.person,
      cause: context.cause,
      action: 'command.refused',
      subject: auditSubject(heard, { kind: 'issue', issue: heard.issue }),
      before: null,
      after: { reason: error.code, message: error.message },
    })
    const text = refusalText(heard.author.login, error, context.policy.ringFile.commands.words)
    await answer(tx, heard, { reaction: 'confused', text, head: headOf(context) })
  })
}

/** Of a pull request that was there before the App: any delivery tells it anew. */
function headOf({ pull }: CommandContext): ConversationRecord['head'] {
  return pull && { commit: pull.head.commit, seq: 0 }
}

async function answer(
  tx: ControlTransaction,
  heard: HeardComment,
  said: {
    readonly reaction: 'rocket' | 'confused'
    readonly text: string
    readonly head?: ConversationRecord['head']
  },
): Promise<void> {
  const record = await tx.conversations.lock(heard.repository, heard.issue)
  await tx.conversations.save({ ...record, head: record.head ?? said.head, answer: said.text })
  await tx.effects.want([
    reaction(heard, { kind: 'react', comment: heard.comment, reaction: said.reaction }),
    show(heard, { kind: 'conversation', issue: heard.issue }),
  ])
}

/** Without rules that can be read nobody may do anything; a repository without any is none of our business. */
async function answerUnread(ports: ControlPorts, heard: HeardComment, error: RingwayError): Promise<void> {
  const isMeant = readCommand(heard.body, defaultVerbs).kind === 'command' && heard.author.kind === 'user'
  if (error.code !== 'ring_file_invalid' || !isMeant) return
  await ports.store.transaction(heard, async tx => {
    if (!(await admit(tx, heard))) return
    await answer(tx, heard, { reaction: 'confused', text: refusalText(heard.author.login, error) })
  })
}

function unlessUnreadable(error: unknown): RingwayError {
  if (error instanceof RingwayError && error.kind === 'failed') return error
  throw error
}
