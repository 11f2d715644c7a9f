type PermissionLevel = 'read' | 'write' | 'admin'

/** Permissions by GitHub's key (`contents`, `deployments` …); a missing key is no access. */
export type Permissions = Readonly<Record<string, PermissionLevel>>

const LEVELS: readonly PermissionLevel[] = ['read', 'write', 'admin']

/** Does the token that holds `held` have all of `needed`? Reading metadata is never withheld. */
export function grants(held: Permissions, needed: Permissions): boolean {
  return Object.entries(needed).every(([key, level]) => {
    if (key === 'metadata' && level === 'read') return true
    const has = held[key]
    return has !== undefined && LEVELS.indexOf(has) >= LEVELS.indexOf(level)
  })
}
