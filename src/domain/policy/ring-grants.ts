import type { Ring } from '../ring.ts'
import { nextRings } from '../ring-order.ts'
import type { Solution } from '../solution.ts'
import type { GithubRole, Grant } from './grant.ts'
import { type RingAction, type RingGrants, ringActions } from './ring-policy.ts'

/** The role that an action needs where the ring file does not say. */
export const usualRoles: Readonly<Record<RingAction, GithubRole>> = {
  view: 'read',
  promote: 'write',
  approve: 'write',
  rollback: 'write',
  run: 'write',
  lock: 'write',
  unlock: 'maintain',
  pause: 'maintain',
  undeploy: 'maintain',
  archive: 'admin',
  unquarantine: 'admin',
  hotfix: 'admin',
  override: 'admin',
}

/**
 * Who may do what in a ring. Promoting into a last ring needs `maintain` where nothing else is written.
 *
 * @param apps - ids of the Apps that may act; the operator's choice, no repository's
 */
export function ringGrants(solution: Solution, ring: Ring, apps: readonly number[]): RingGrants {
  const isLast = nextRings(solution, ring).length === 0
  const grants = (action: RingAction): readonly Grant[] => {
    const role = action === 'promote' && isLast ? 'maintain' : usualRoles[action]
    return ring.who?.[action] ?? [{ kind: 'role', role }]
  }
  return {
    apps,
    who: {
      view: grants('view'),
      promote: grants('promote'),
      approve: grants('approve'),
      rollback: grants('rollback'),
      run: grants('run'),
      lock: grants('lock'),
      unlock: grants('unlock'),
      pause: grants('pause'),
      undeploy: grants('undeploy'),
      archive: grants('archive'),
      unquarantine: grants('unquarantine'),
      hotfix: grants('hotfix'),
      override: grants('override'),
    },
  }
}

/** The same grants, with people known by their ids: from then on a login that somebody else took over lets nobody in. */
export function withUserIds(grants: RingGrants, ids: ReadonlyMap<string, number>): RingGrants {
  const known = (grant: Grant): Grant => {
    const id = grant.kind === 'user' ? ids.get(grant.login.toLowerCase()) : undefined
    return grant.kind === 'user' && id !== undefined ? { ...grant, id } : grant
  }
  const who = { ...grants.who }
  for (const action of ringActions) who[action] = grants.who[action].map(known)
  return { ...grants, who }
}
