import type { VerbTable } from './command/verbs.ts'
import type { Approval } from './gates/approvals-gate.ts'
import type { RollbackReadiness } from './gates/rollback-ready-gate.ts'
import type { Promotion } from './promotion.ts'
import type { ApprovalRule } from './ring.ts'
import type { RingDeployment } from './ring-deployment.ts'
import type { RingLock } from './ring-lock.ts'
import type { CommitSha, Sha256Digest } from './units.ts'

/** What newly enters a ring with a version, as Git tells it. */
export interface ShippedCommits {
  /** All of them; {@link ShippedCommits.commits} are the newest. */
  readonly count: number
  readonly commits: readonly {
    readonly commit: CommitSha
    readonly subject: string
    readonly author: string | undefined
  }[]
  readonly pulls: readonly { readonly number: number; readonly title: string }[]
}

/** The promotion that took the place of another one that waited. */
export interface Successor {
  readonly promotion: Promotion
  /** Whether all commits of the one that waited are in it too; undefined when GitHub could not say. */
  readonly contains: boolean | undefined
}

/** Everything that people see of one promotion. */
export interface PromotionView {
  /** The words that stand for commands here. */
  readonly verbs: VerbTable
  readonly promotion: Promotion
  /** The ring as a command names it: with its solution where the name alone is ambiguous. */
  readonly ringName: string
  readonly deployment: RingDeployment | undefined
  /** What the ring points to; undefined: nothing. */
  readonly active: RingDeployment | undefined
  /** What the ring pointed to before this promotion came; undefined: nothing. */
  readonly before: Pick<RingDeployment, 'version' | 'digest'> | undefined
  readonly approvals: ApprovalRule | undefined
  /** Who may approve, as the ring file writes it. */
  readonly approvers: readonly string[]
  readonly successor: Successor | undefined
  /** Where people read the log of its run. */
  readonly runUrl: string | undefined
  readonly answers: readonly Approval[]
  /** What ships: commits since what the ring points to; undefined when nothing is there to compare with, or GitHub could not be asked. */
  readonly shipped: ShippedCommits | undefined
  /** How components, files and configuration differ, a line each. */
  readonly changes: readonly string[]
  /** Whether what runs now could be brought back. */
  readonly rollback: RollbackReadiness | undefined
}

/** One ring as a conversation shows it. */
export interface RingLine {
  readonly solution: string
  readonly ring: string
  readonly active: RingDeployment | undefined
  /** The ring as a command names it. */
  readonly name: string
  /** What waits to enter, or is on its way, or came last. */
  readonly promotion: Promotion | undefined
  /** The deployment of that promotion. */
  readonly deployment: RingDeployment | undefined
  readonly lock: RingLock | undefined
  readonly lifecycle: 'active' | 'paused' | 'undeployed' | 'archived'
  /** Why it could not go back now, as far as that is known. */
  readonly rollbackFault?: string | undefined
}

/** Everything that the sticky comment of one pull request or issue shows. */
export interface ConversationView {
  /** The words that stand for commands here. */
  readonly verbs: VerbTable
  readonly rings: readonly RingLine[]
  /** What a command would promote from here, by solution: a version, or the draft of the head. */
  readonly candidates: readonly { readonly solution: string; readonly name: string; readonly digest: Sha256Digest }[]
  /** What the ring file has said here in its own words, as Markdown. */
  readonly messages: readonly string[]
  /** Our answer to the last command, as Markdown. */
  readonly answer: string | undefined
}
