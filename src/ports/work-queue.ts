import type { RepositoryKey, RingKey } from '../domain/ring-key.ts'
import type { EpochMs } from '../domain/units.ts'

/** Something to be done once what was decided is on disk. */
export type Work =
  /** Look at a ring again: something that its promotions wait for may have changed. */
  | { readonly kind: 'ring'; readonly key: RingKey }
  /** Send a version that became active on into the rings that take it by themselves. */
  | { readonly kind: 'onward'; readonly tenant: number; readonly deployment: number }
  /** Look whether a deployment that is under way still is, and whether it takes too long. */
  | { readonly kind: 'supervise'; readonly tenant: number; readonly deployment: number }
  /** Perform the effects of one lane that are not done yet, in their order. */
  | { readonly kind: 'effects'; readonly tenant: number; readonly lane: string }
  /** Deliver the events that a subscriber has not received yet. */
  | { readonly kind: 'events'; readonly tenant: number; readonly subscriber: number }
  /** Ask GitHub what we may have missed. */
  | { readonly kind: 'sweep'; readonly sweep: 'deliveries' | 'reconcile' | 'readiness' | 'retention' }
  /** The part of a sweep that is about one repository. */
  | ({ readonly kind: 'repository'; readonly sweep: 'reconcile' | 'readiness' } & RepositoryKey)

/** The kinds of work. */
export type WorkKind = Work['kind']

/** Work of one kind. */
export type WorkOf<K extends WorkKind> = Extract<Work, { readonly kind: K }>

/** Queues work within the transaction that made it necessary: it is queued if and only if that commits. */
export interface WorkSender {
  /**
   * The same work that is queued already and not begun is not queued twice; work that has begun is.
   *
   * @param due - not before this instant, by the clock of the store; absent: at once. Each due instant of the same work is kept.
   */
  send(work: Work, due?: EpochMs): Promise<void>
}

/** The durable queue as its workers see it. A handler that throws has its work done again later, with growing pauses. */
export interface WorkQueue {
  /** Starts handling one kind of work. `concurrency`: how much of it at once in this replica. */
  handle<K extends WorkKind>(
    kind: K,
    options: { readonly concurrency: number },
    handler: (work: WorkOf<K>) => Promise<void>,
  ): Promise<void>

  /** Repeats work for ever, once per interval among all replicas. `every`: whole minutes. */
  repeat(work: WorkOf<'sweep'>, every: { readonly minutes: number }): Promise<void>

  /** Takes no further work and waits for what has begun. */
  stop(): Promise<void>
}
