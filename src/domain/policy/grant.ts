/** GitHub's own roles in a repository, the weakest first. */
export const githubRoles = ['read', 'triage', 'write', 'maintain', 'admin'] as const

/** One of GitHub's own roles. An organisation may have others, whose strength nobody tells. */
export type GithubRole = (typeof githubRoles)[number]

/**
 * Whom a rule lets do something. `read` is everybody in a public repository.
 *
 * - `role`: whoever has this role of GitHub's or a stronger one
 * - `custom_role`: whoever has exactly this role of the organisation
 * - `team`: whoever is in the team
 * - `user`: one person; `id` once it is known, because a login that was given up can be taken by somebody else
 */
export type Grant =
  | { readonly kind: 'role'; readonly role: GithubRole }
  | { readonly kind: 'custom_role'; readonly role: string }
  | { readonly kind: 'team'; readonly slug: string }
  | { readonly kind: 'user'; readonly login: string; readonly id?: number | undefined }

/**
 * Reads an entry of the ring file's `who`: `write`, `role:release-captain`, `team:sre`, `@alice` or `alice`; undefined when it is none.
 * A custom role needs its prefix: without one, whoever registers its name as a login would have what the role has.
 */
export function readGrant(text: string): Grant | undefined {
  const role = githubRoles.find(known => known === text)
  if (role !== undefined) return { kind: 'role', role }
  const custom = /^role:([^\p{C}\p{Z}\s]{1,100}(?: [^\p{C}\p{Z}\s]{1,100}){0,5})$/u.exec(text)?.[1]
  if (custom !== undefined) return readRole(custom)
  const slug = /^team:([a-z0-9][a-z0-9_-]{0,99})$/i.exec(text)?.[1]
  if (slug !== undefined) return { kind: 'team', slug: slug.toLowerCase() }
  // Managed accounts end with `_` and a short code of their enterprise.
  const login = /^@?([a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?(?:_[a-z0-9]{1,10})?)$/i.exec(text)?.[1]
  return login === undefined ? undefined : { kind: 'user', login }
}

function readRole(name: string): Grant {
  const role = githubRoles.find(known => known === name)
  return role === undefined ? { kind: 'custom_role', role: name } : { kind: 'role', role }
}

/** A grant as the ring file writes it. */
export function grantName(grant: Grant): string {
  switch (grant.kind) {
    case 'role':
      return grant.role
    case 'custom_role':
      return `role:${grant.role}`
    case 'team':
      return `team:${grant.slug}`
    case 'user':
      return `@${grant.login}`
  }
}
