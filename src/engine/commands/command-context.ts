import type { AuditCause } from '../../domain/audit/audit-entry.ts'
import type { Command } from '../../domain/command/command.ts'
import type { Refused } from '../../domain/command/refused.ts'
import type { ResolvedRing } from '../../domain/command/resolve-ring.ts'
import type { GateVerdict } from '../../domain/gates/gate-verdict.ts'
import { actionsOf } from '../../domain/policy/command-actions.ts'
import { type ActorFacts, mayDo } from '../../domain/policy/may-do.ts'
import { ringGrants } from '../../domain/policy/ring-grants.ts'
import type { Person, PromotionSource } from '../../domain/promotion.ts'
import type { RepositoryKey, RingKey } from '../../domain/ring-key.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { CommitSha, EpochMs } from '../../domain/units.ts'
import type { ControlTransaction, RingRecord } from '../../ports/control-store.ts'
import type { PullRequest } from '../../ports/pull-requests.ts'
import type { ControlPorts } from '../control/control-ports.ts'
import type { RepositoryPolicy } from '../control/read-policy.ts'

/** Where a command came from, and what is known of that place. */
export interface CommandContext extends RepositoryKey {
  readonly ports: ControlPorts
  readonly policy: RepositoryPolicy
  readonly person: Person
  /** What GitHub says of the person now. */
  readonly actor: ActorFacts
  readonly cause: AuditCause
  /** What a promotion that it asks for has as its source. */
  readonly source: PromotionSource
  /** Of the comment, or of the check run; 0 elsewhere. */
  readonly id: number
  /** The pull request or issue that it was given on; absent: elsewhere. */
  readonly issue: number | undefined
  readonly pull: PullRequest | undefined
  /** When it was given, as GitHub says; absent where what is given is done at once. */
  readonly givenAt?: EpochMs | undefined
  /** The head of the pull request as GitHub had told it when the command arrived. */
  readonly head: CommitSha | undefined
}

/** What a command did, for people. */
export interface Answer {
  /** Sentences; what to type stands in backticks. */
  readonly words: string
  /** Markdown that follows them as it is: tables and lists. */
  readonly details?: string | undefined
  /** The id of the promotion that it is about. */
  readonly promotion?: string | undefined
  /** What the gates would say, where it was only asked. */
  readonly verdicts?: readonly GateVerdict[] | undefined
}

/** A command that may be carried out: all that GitHub had to say was asked. It is done in one transaction. */
export type ReadyCommand = (tx: ControlTransaction) => Promise<Answer>

/** @throws {RingwayError} what the refusal says */
export function unlessRefused<T extends { readonly kind: string }>(found: T | Refused): Exclude<T, Refused> {
  if (!isRefused(found)) return found as Exclude<T, Refused>
  throw new RingwayError({ code: found.code, message: found.message, remedy: found.remedy })
}

function isRefused(found: { readonly kind: string }): found is Refused {
  return found.kind === 'refused'
}

/**
 * The one rule about who may do what, asked for every action that a command takes.
 *
 * @param isOwnLock - for an unlock: whether the lock is the same person's
 * @throws {RingwayError} `not_permitted` with who may
 */
export function expectAllowed(
  { policy, actor }: Pick<CommandContext, 'policy' | 'actor'>,
  { command, isOwnLock = false }: { readonly command: Command; readonly isOwnLock?: boolean },
  { solution, ring }: Pick<ResolvedRing, 'solution' | 'ring'>,
): void {
  const grants = ringGrants(solution, ring, policy.ringFile.allowedBots)
  for (const action of actionsOf(command, isOwnLock)) {
    const permission = mayDo(actor, action, grants)
    if (!permission.allowed) {
      throw new RingwayError({ code: 'not_permitted', message: permission.words, remedy: permission.remedy })
    }
  }
}

/** The key of a ring that a command names. */
export function keyOf({ tenant, repository }: RepositoryKey, { solution, ring }: ResolvedRing): RingKey {
  return { tenant, repository, solution: solution.name, ring: ring.name }
}

/** Locks the ring that a command names. */
export async function lockRing(
  tx: ControlTransaction,
  context: RepositoryKey,
  resolved: ResolvedRing,
): Promise<RingRecord> {
  return await tx.rings.lock(keyOf(context, resolved), resolved.ring.environment)
}
