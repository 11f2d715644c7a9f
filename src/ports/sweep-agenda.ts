import type { RepositoryKey } from '../domain/ring-key.ts'
import type { DurationMs, EpochMs } from '../domain/units.ts'
import type { WorkOf } from './work-queue.ts'

/** When sweeps looked at what, for all replicas and tenants. */
export interface SweepAgenda {
  /** By the clock of the store, which alone decides deadlines. */
  now(): Promise<EpochMs>

  /** An instant that was kept under a name. */
  read(name: string): Promise<EpochMs | undefined>

  write(name: string, at: EpochMs): Promise<void>

  /** Forgets the instants of every name that begins so. */
  forget(prefix: string): Promise<void>

  /** Queues sweeps for now, whenever their turn is. */
  sweepNow(sweeps: readonly WorkOf<'sweep'>['sweep'][]): Promise<void>

  /**
   * Queues the part of a sweep that is about one repository, for those whose turn it is, the longest-waiting first.
   *
   * @returns how many
   */
  queueRepositories(
    sweep: WorkOf<'repository'>['sweep'],
    which: { readonly every: DurationMs; readonly limit: number },
  ): Promise<number>

  /** Queues it for one repository, whoever's turn it is. */
  queueRepository(sweep: WorkOf<'repository'>['sweep'], key: RepositoryKey): Promise<void>
}
