import type { RingAction } from './ring-policy.ts'

/** The roles in a ring, the weakest first. Each may what the weaker ones may. API tokens have one per ring. */
export const roles = ['viewer', 'deployer', 'approver', 'admin'] as const

/** What somebody is in a ring. */
export type Role = (typeof roles)[number]

/** The weakest role that may do an action. */
const needed: Readonly<Record<RingAction, Role>> = {
  view: 'viewer',
  promote: 'deployer',
  rollback: 'deployer',
  run: 'deployer',
  lock: 'deployer',
  approve: 'approver',
  unlock: 'approver',
  pause: 'approver',
  undeploy: 'approver',
  archive: 'admin',
  unquarantine: 'admin',
  hotfix: 'admin',
  override: 'admin',
}

/** Whether a role may do an action. */
export function roleCovers(role: Role, action: RingAction): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed[action])
}
