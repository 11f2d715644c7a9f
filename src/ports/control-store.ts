import type { AuditEntry, AuditRecord } from '../domain/audit/audit-entry.ts'
import type { RecentCommand } from '../domain/command/rate-limit.ts'
import type { QuarantineRelease } from '../domain/deployment-history.ts'
import type { Effect } from '../domain/effect.ts'
import type { Approval } from '../domain/gates/approvals-gate.ts'
import type { RollbackReadiness } from '../domain/gates/rollback-ready-gate.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { Promotion } from '../domain/promotion.ts'
import type { RingDeployment } from '../domain/ring-deployment.ts'
import type { RepositoryKey, RingKey, SolutionKey } from '../domain/ring-key.ts'
import type { RingLock } from '../domain/ring-lock.ts'
import type { RingPointer } from '../domain/ring-pointer.ts'
import type { CommitSha, EpochMs, Sha256Digest } from '../domain/units.ts'
import type { Lease } from './leases.ts'
import type { WorkSender } from './work-queue.ts'

/**
 * What the App remembers. Everything belongs to a tenant, and a transaction sees one tenant only. What is decided, the effects that follow
 * from it and the work that performs them are saved together or not at all.
 */
export interface ControlStore {
  /**
   * @param scope - `lease`: the transaction is refused (`lease_lost`) when it is no longer held
   * @throws {RingwayError} `database_unreachable`, `lease_lost`
   */
  transaction<T>(
    scope: { readonly tenant: number; readonly lease?: Lease | undefined },
    work: (tx: ControlTransaction) => Promise<T>,
  ): Promise<T>
}

/** One transaction of one tenant. */
export interface ControlTransaction {
  /** The store's clock when the transaction began: the only clock that decides deadlines. */
  readonly now: EpochMs
  readonly repositories: RepositoryRecords
  readonly rings: RingRecords
  readonly promotions: PromotionRecords
  readonly deployments: DeploymentRecords
  readonly answers: AnswerRecords
  readonly artifacts: ArtifactRecords
  readonly conversations: ConversationRecords
  readonly commands: CommandRecords
  readonly notices: NoticeRecords
  readonly readiness: ReadinessRecords
  readonly effects: EffectRecords
  readonly events: EventRecords
  readonly subscribers: SubscriberRecords
  readonly audit: AuditRecords
  readonly queue: WorkSender
}

/** A repository where the App is installed. */
export interface RepositoryRecord extends RepositoryKey {
  readonly owner: string
  readonly name: string
  readonly defaultBranch: string
  /** Absent while it is there; a repository that is gone keeps its records. */
  readonly removedAt: EpochMs | undefined
}

/** Repositories of the tenant. */
export interface RepositoryRecords {
  read(repository: number): Promise<RepositoryRecord | undefined>
  list(): Promise<readonly RepositoryRecord[]>
  /** Adds it, or brings name, default branch and presence up to date. */
  put(record: RepositoryRecord): Promise<void>
}

/** A ring as the App keeps it. */
export interface RingRecord {
  readonly key: RingKey
  readonly environment: string
  readonly pointer: RingPointer
  readonly lifecycle: 'active' | 'paused' | 'undeployed' | 'archived'
}

/** Rings, their pointers and their locks. */
export interface RingRecords {
  /** Locks the ring for this transaction; makes it when it is not there. */
  lock(key: RingKey, environment: string): Promise<RingRecord>
  read(key: RingKey): Promise<RingRecord | undefined>
  /** Every ring of a repository. */
  list(repository: number): Promise<readonly RingRecord[]>
  /**
   * Writes the pointer, whose revision is one more than the one that is there. The ring must be locked by this transaction.
   *
   * @throws {RingwayError} `pointer_moved` when another revision is there
   */
  point(key: RingKey, pointer: RingPointer): Promise<void>
  setLifecycle(key: RingKey, lifecycle: RingRecord['lifecycle']): Promise<void>
  /** Locks that people hold: of the ring and of the whole repository, those that have expired left out. */
  locks(repository: number): Promise<readonly RingLock[]>
  /** Sets, or with `undefined` removes, the lock of a ring, or of the whole repository when `ring` is absent. */
  setLock(
    repository: number,
    ring: { readonly solution: string; readonly ring: string } | undefined,
    lock: RingLock | undefined,
  ): Promise<void>
}

/** Promotions. */
export interface PromotionRecords {
  add(promotion: Promotion): Promise<void>
  save(promotion: Promotion): Promise<void>
  read(id: string): Promise<Promotion | undefined>
  /** Those of a ring that have not ended, the oldest request first. */
  open(key: RingKey): Promise<readonly Promotion[]>
  find(query: PromotionQuery): Promise<readonly Promotion[]>
}

/** Which promotions to find, the newest first. Every field that is given must match. */
export interface PromotionQuery {
  readonly repository?: number | undefined
  readonly solution?: string | undefined
  readonly ring?: string | undefined
  readonly run?: number | undefined
  readonly pullRequest?: number | undefined
  readonly commit?: CommitSha | undefined
  /** Only those that have not ended. @default false */
  readonly open?: boolean | undefined
  /** Requested before this one: for the next page. */
  readonly before?: string | undefined
  /** At most this many. @default 50 */
  readonly limit?: number | undefined
}

/** Deployments. */
export interface DeploymentRecords {
  /** Adds one; @returns its id */
  add(deployment: Omit<RingDeployment, 'id'>): Promise<number>
  save(deployment: RingDeployment): Promise<void>
  /** @param id - undefined gives undefined: a ring may point to nothing, and a promotion may have no deployment yet */
  read(id: number | undefined): Promise<RingDeployment | undefined>
  /** What happened in a ring, oldest first: everything that is unfinished, the newest `limit` (default 100), and every deployment of `digest`. */
  history(
    key: RingKey,
    of?: { readonly digest?: Sha256Digest | undefined; readonly limit?: number | undefined },
  ): Promise<readonly RingDeployment[]>
  /** Those of a ring, the newest first. `before`: only those with a lower id. */
  list(
    key: RingKey,
    page: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<readonly RingDeployment[]>
  findByGithub(repository: number, githubId: number): Promise<RingDeployment | undefined>
  /** Every one of a repository that is neither active nor at its end, the oldest first. */
  unfinished(repository: number): Promise<readonly RingDeployment[]>
  /** How many deployments of a repository hold a slot now: begun and not ended. */
  slotsTaken(repository: number): Promise<number>
}

/** What people answered about promotions, and whom they let out of quarantine. */
export interface AnswerRecords {
  /**
   * The newest answer of a person about a promotion replaces the one before that was given in the same way: a ring may not count reviews on
   * GitHub, and then they take nothing away.
   */
  put(promotion: string, approval: Approval): Promise<void>
  /** All answers that were given in a ring about a candidate, the oldest first. */
  list(key: RingKey, candidate: Sha256Digest): Promise<readonly Approval[]>
  release(key: RingKey, release: QuarantineRelease & { readonly by: number }): Promise<void>
  releases(key: SolutionKey): Promise<readonly (QuarantineRelease & { readonly ring: string })[]>
}

/** An artifact as its build reported it. */
export interface ArtifactRecord extends SolutionKey {
  readonly digest: Sha256Digest
  readonly content: Sha256Digest
  /** Absent for a draft. */
  readonly version: number | undefined
  readonly commit: CommitSha
  /** The pull request that a draft was built for. */
  readonly pullRequest: number | undefined
  /** The manifest without its list of files. */
  readonly manifest: Omit<Manifest, 'files'>
  readonly builtAt: EpochMs
}

/** What builds reported. */
export interface ArtifactRecords {
  /**
   * Once per solution and digest; a version takes the place of a draft. Each commit that it was built at is remembered.
   *
   * @throws {RingwayError} `request_invalid` when the version is another digest
   */
  put(record: ArtifactRecord): Promise<void>
  read(key: SolutionKey, digest: Sha256Digest): Promise<ArtifactRecord | undefined>
  version(key: SolutionKey, version: number): Promise<ArtifactRecord | undefined>
  /** The newest build of a commit: with the commit, pull request and time of that build, though its content may be older. */
  ofCommit(key: SolutionKey, commit: CommitSha): Promise<ArtifactRecord | undefined>
  /** The versions of a solution, newest first. */
  versions(
    key: SolutionKey,
    page: { readonly below?: number | undefined; readonly limit: number },
  ): Promise<readonly ArtifactRecord[]>
  /** What was built of a solution and is no version, the newest build first: each once, as its newest build made it. */
  drafts(
    key: SolutionKey,
    page: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<readonly DraftRecord[]>
}

/** A draft with the place of its newest build among all. */
export interface DraftRecord {
  readonly artifact: ArtifactRecord
  readonly seq: number
}

/** What the App has seen and shown on one pull request or issue. */
export interface ConversationRecord extends RepositoryKey {
  readonly issue: number
  /** GitHub's id of our sticky comment; absent until there is one. */
  readonly comment: number | undefined
  /** The head of the pull request that GitHub told last, with the number of the delivery that told it: an older delivery changes nothing. */
  readonly head: { readonly commit: CommitSha; readonly seq: number } | undefined
  /** The digest that the sticky comment shows, by solution: what a command may bind to. */
  readonly shown: Readonly<Record<string, Sha256Digest>>
  /** Since when it shows that; absent before it showed anything. */
  readonly shownAt?: EpochMs | undefined
  /** Our last answer to a command, as Markdown. */
  readonly answer: string | undefined
}

/** Conversations with people on GitHub. */
export interface ConversationRecords {
  /** Locks it for this transaction; makes it when it is not there. */
  lock(repository: number, issue: number): Promise<ConversationRecord>
  read(repository: number, issue: number): Promise<ConversationRecord | undefined>
  save(record: ConversationRecord): Promise<void>
}

/** A command that came: a comment, a pressed button, a call of the API. */
export interface TakenCommand {
  /** By which it is known again when its delivery is handled twice: `comment 123`. */
  readonly key: string
  /** Of the person. */
  readonly actor: number
  /** Whether it was carried out, or turned away because too many came. */
  readonly admitted: boolean
}

/** Commands that came, so that none is carried out twice. */
export interface CommandRecords {
  /** Keeps it; @returns false when it came before */
  take(command: TakenCommand): Promise<boolean>
  /** Whether it came before. */
  isTaken(key: string): Promise<boolean>
  /** Those of a person in the last hour, the oldest first. */
  recent(actor: number): Promise<readonly RecentCommand[]>
}

/** What was noticed, so that it is told once. */
export interface NoticeRecords {
  /** @returns whether it is the first time: later ones are false */
  first(key: string): Promise<boolean>
}

/** Whether a ring could go back now, as it was looked at last. */
export interface RingReadiness {
  readonly key: RingKey
  /** Our id of the deployment that it would go back to; undefined: there is none. */
  readonly target: number | undefined
  readonly readiness: RollbackReadiness
  readonly lookedAt: EpochMs
  /** The run that proves the artifact where the App cannot read the store. */
  readonly proof: { readonly run: number; readonly startedAt: EpochMs } | undefined
}

/** Whether rings could go back. */
export interface ReadinessRecords {
  read(key: RingKey): Promise<RingReadiness | undefined>
  save(readiness: RingReadiness): Promise<void>
}

/** An effect as it is kept. */
export interface EffectRecord {
  readonly effect: Effect
  readonly state: 'wanted' | 'begun' | 'done' | 'failed'
  /** Rises each time a display is wanted again. */
  readonly revision: number
  readonly attempts: number
  readonly wantedAt: EpochMs
}

/** An effect that GitHub refused for good. */
export interface FailedEffect extends EffectRecord {
  /** Rises in the order in which effects were wanted. */
  readonly seq: number
  /** What GitHub said. */
  readonly words: string
}

/** Effects: the intent first, then the deed, then its receipt. */
export interface EffectRecords {
  /**
   * Wants effects, and queues the work that performs them. A deed whose key is known is not wanted again; a display is, and supersedes an
   * earlier wish of the same key that has not begun.
   */
  want(effects: readonly Effect[]): Promise<void>
  /** The first of a lane that is not done, in the order in which they were wanted. */
  next(lane: string): Promise<EffectRecord | undefined>
  /** Notes that it is about to be done: from now on nobody does it without looking first. */
  begin(key: string): Promise<void>
  /** Notes that it was done. A display that was wanted again since `revision` stays wanted. `receipt`: what GitHub gave, such as an id. */
  finish(record: EffectRecord, receipt: Readonly<Record<string, string | number>>): Promise<void>
  /** Notes that GitHub said no for good. */
  fail(record: EffectRecord, words: string): Promise<void>
  /** Those of a repository that GitHub refused for good, the newest first. `before`: only those with a lower `seq`. */
  failed(
    repository: number,
    page: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<readonly FailedEffect[]>
  /** What GitHub gave for a display or a deed that was done; a display that is wanted again has what it had. */
  receipt(key: string): Promise<Readonly<Record<string, string | number>> | undefined>
  /** Lanes of a repository in which something is to be done, at most 1,000. */
  openLanes(repository: number): Promise<readonly string[]>
}

/** Something that happened, for subscribers. */
export interface NewEvent {
  /** `deployment.active`, `promotion.gated`, `alert.slow_rollout`: dotted words of design §1. */
  readonly type: string
  readonly key: RingKey
  readonly data: Readonly<Record<string, unknown>>
}

/** An event as it is kept. */
export interface StoredEvent extends NewEvent {
  readonly id: string
  readonly seq: number
  readonly at: EpochMs
}

/** Every transition, in order. */
export interface EventRecords {
  /** Keeps it, and queues its delivery to every subscriber of the tenant that wants it. It gets its number when the transaction ends. */
  append(event: NewEvent): Promise<void>
  list(query: {
    readonly repository?: number | undefined
    readonly type?: string | undefined
    /** Only those about this deployment: with this id as `data.deployment`. */
    readonly deployment?: number | undefined
    /** Only those with a higher `seq`. */
    readonly after?: number | undefined
    readonly limit: number
  }): Promise<readonly StoredEvent[]>
}

/** Somewhere that is told what happens in a repository. */
export interface Subscriber {
  readonly id: number
  readonly repository: number
  readonly url: string
  /** The types of the events that it wants; empty: all. */
  readonly types: readonly string[]
  readonly createdAt: EpochMs
  /** Since when and why it is told nothing any more; absent while it is. */
  readonly disabled: { readonly at: EpochMs; readonly words: string } | undefined
  /** `seq` of the last event that it has, or did not want. */
  readonly deliveredSeq: number
  /** How many attempts failed since the last one that did not. */
  readonly failures: number
  /** Not before this instant it is tried again; absent: the last attempt did not fail. */
  readonly retryAt: EpochMs | undefined
}

/** Subscribers of the tenant. */
export interface SubscriberRecords {
  /**
   * Adds one, who is told what happens from now on.
   *
   * @param subscriber - `secret`: signs what is sent; `whsec_` and 24 to 64 bytes in base64. Source: https://www.standardwebhooks.com
   * @returns its id
   */
  add(subscriber: {
    readonly repository: number
    readonly url: string
    readonly secret: string
    readonly types: readonly string[]
  }): Promise<number>
  /** Those of a repository, the oldest first; their secrets are not for people. */
  list(repository: number): Promise<readonly Subscriber[]>
  /** One, with the secret that signs. */
  read(id: number): Promise<(Subscriber & { readonly secret: string }) | undefined>
  /** Forgets it. */
  remove(id: number): Promise<void>
  /** Tells it nothing any more. `words`: why. */
  disable(id: number, words: string): Promise<void>
  /** Notes how a delivery ended. `seq`: everything up to it is delivered; it never falls. */
  progress(
    id: number,
    outcome:
      | { readonly kind: 'delivered'; readonly seq: number }
      | { readonly kind: 'failed'; readonly retryAt: EpochMs },
  ): Promise<void>
}

/** The audit log of the tenant: appended to, never changed. */
export interface AuditRecords {
  /** `at` is the store's own clock. */
  append(record: Omit<AuditRecord, 'at'>): Promise<void>
  /** Entries about a repository and what is in it, the newest first. `before`: only those with a lower `seq`. */
  list(
    repository: number,
    page: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<readonly AuditEntry[]>
}
