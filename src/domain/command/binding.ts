import type { Permission } from '../policy/may-do.ts'
import { type CommitSha, type DurationMs, durationMs, type EpochMs, type Sha256Digest } from '../units.ts'
import type { Refused } from './refused.ts'
import type { ResolvedArtifact } from './resolve-artifact.ts'

/**
 * What a command is bound to, written down when it arrives: what the person saw, by what had been received before. Never ordered by dates
 * of git, which whoever makes a commit writes.
 */
export interface CommandBinding {
  /** Of the comment, or of the check run whose button was pressed. */
  readonly commentId: number
  /** The person's id: logins are given away again. */
  readonly actorId: number
  readonly solution: string
  readonly ring: string
  /** What will be placed. Nothing else ever is. */
  readonly digest: Sha256Digest
  readonly from: ResolvedArtifact['from']
  /** What the sticky comment showed last for the ring, before the command; absent when it had shown nothing. */
  readonly shown: Sha256Digest | undefined
  /** The pull request's head as we had received it when the command arrived; absent on an issue. */
  readonly headSha: CommitSha | undefined
  /** For the record: other merges move it all the time, and what counts of it is the policy. */
  readonly baseSha: CommitSha | undefined
  /** Of the ring's rules in the default branch. */
  readonly policyDigest: Sha256Digest
  /** Of the ring's effective configuration; absent where none was known. */
  readonly configDigest: Sha256Digest | undefined
}

/** What is true at the moment of the check. */
export interface BindingFacts {
  readonly headSha: CommitSha | undefined
  readonly policyDigest: Sha256Digest
  readonly configDigest: Sha256Digest | undefined
  readonly fromFork: boolean
  /** Whether the artifact's commit is in a protected branch; true for a draft into a ring that takes drafts. */
  readonly isReachable: boolean
  /** Whether the comment was deleted though the ring asks that it stays. */
  readonly isCommentMissing: boolean
  /** What the policy says of the person now. */
  readonly permission: Permission
}

/**
 * Whether what a command was given for is still what is there. Asked when the binding is made and again right before every effect.
 */
export function checkBinding(binding: CommandBinding, now: BindingFacts): { readonly kind: 'ok' } | Refused {
  if (now.fromFork) {
    return refused(
      'fork_not_allowed',
      'The pull request comes from a fork.',
      'Give the command on an issue, with a version.',
    )
  }
  if (now.isCommentMissing) {
    return refused(
      'comment_gone',
      'The comment with the command was deleted; nothing was done.',
      'Give the command again.',
    )
  }
  if (!now.permission.allowed) {
    return refused('actor_no_longer_allowed', now.permission.words, now.permission.remedy)
  }
  if (!now.isReachable) {
    return refused(
      'not_reachable',
      `The commit of ${short(binding.digest)} is in no protected branch of the repository.`,
      'Promote a version that was built from the default branch.',
    )
  }
  return staleness(binding, now) ?? { kind: 'ok' }
}

function staleness(binding: CommandBinding, now: BindingFacts): Refused | undefined {
  if (binding.from !== 'named' && binding.shown !== undefined && binding.shown !== binding.digest) {
    return stale('The artifact', binding.shown, binding.digest)
  }
  if (binding.headSha !== now.headSha) return stale('The head of the pull request', binding.headSha, now.headSha)
  if (binding.policyDigest !== now.policyDigest)
    return stale("The ring's policy", binding.policyDigest, now.policyDigest)
  if (binding.configDigest !== now.configDigest) {
    return stale("The ring's configuration", binding.configDigest, now.configDigest)
  }
  return undefined
}

function stale(what: string, before: string | undefined, after: string | undefined): Refused {
  return refused(
    'binding_stale',
    `${what} was ${short(before)} when the command was given, and is ${short(after)} now; nothing was done.`,
    'Look at what is shown now, and give the command again.',
  )
}

function refused(code: Refused['code'], message: string, remedy: string): Refused {
  return { kind: 'refused', code, message, remedy }
}

function short(id: string | undefined): string {
  return id === undefined ? 'none' : `\`${id.replace(/^sha256:/, '').slice(0, 12)}\``
}

/** How long after it was given a command may still be begun. */
const commandLifetime: DurationMs = durationMs(15 * 60_000)

/**
 * Refuses a command that arrives too late, as a delivery that was repeated after days: what its writer saw is long gone. Asked once, when
 * it arrives; a promotion may then wait for its gates.
 *
 * @param givenAt - when GitHub says that the comment was made
 */
export function checkAge(
  givenAt: EpochMs,
  now: EpochMs,
  lifetime = commandLifetime,
): { readonly kind: 'ok' } | Refused {
  const age = now - givenAt
  if (age <= lifetime) return { kind: 'ok' }
  return refused(
    'command_expired',
    `The command is ${minutes(age)} old, and ${minutes(lifetime)} were expected at most: expired, not run.`,
    'Give it again.',
  )
}

function minutes(ms: number): string {
  const count = Math.ceil(ms / 60_000)
  return `${count} ${count === 1 ? 'minute' : 'minutes'}`
}
