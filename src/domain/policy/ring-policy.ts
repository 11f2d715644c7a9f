import type { Grant } from './grant.ts'

/**
 * What can be done to a ring, and to what is in it.
 *
 * - `view`: see it, and ask what would happen
 * - `promote`, `approve` (and reject), `rollback`
 * - `run`: start a run of a component
 * - `lock`: lock it, and end a lock of one's own
 * - `unlock`: end a lock of somebody else
 * - `pause` (and resume), `undeploy`, `archive`
 * - `unquarantine`: release a version that was rolled back automatically
 * - `hotfix`: pass a freeze that excepts hotfixes
 * - `override`: pass over the order of the rings
 */
export const ringActions = [
  'view',
  'promote',
  'approve',
  'rollback',
  'run',
  'lock',
  'unlock',
  'pause',
  'undeploy',
  'archive',
  'unquarantine',
  'hotfix',
  'override',
] as const

/** One thing that can be done to a ring. */
export type RingAction = (typeof ringActions)[number]

/** A ring's `who`, as the ring file writes it: an action that is missing keeps its usual role, and one with an empty list is for nobody. */
export type RingPolicy = { readonly [A in RingAction]?: readonly Grant[] | undefined }

/** Who may do what in one ring, with nothing left open. */
export interface RingGrants {
  readonly who: Readonly<Record<RingAction, readonly Grant[]>>
  /** Ids of the Apps that may act, as deployers: other bots never may. */
  readonly apps: readonly number[]
}
