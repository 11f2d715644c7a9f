/** Repository roles in rising order; each includes the ones before it. */
export const ROLES = ['read', 'triage', 'write', 'maintain', 'admin'] as const

export type Role = (typeof ROLES)[number]

/** Does `role` include `least`? `undefined` is somebody without access. */
export function includesRole(role: Role | undefined, least: Role): boolean {
  return role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(least)
}

/** What GitHub's `permission` field says of a role: it folds maintain into write and triage into read. */
export function foldedPermission(role: Role | undefined): 'admin' | 'write' | 'read' | 'none' {
  if (role === undefined) return 'none'
  if (role === 'admin') return 'admin'
  return includesRole(role, 'write') ? 'write' : 'read'
}
