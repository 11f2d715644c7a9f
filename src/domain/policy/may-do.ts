import { type Grant, githubRoles, grantName } from './grant.ts'
import type { RingAction, RingGrants } from './ring-policy.ts'
import { type Role, roleCovers, roles } from './role.ts'

/**
 * What GitHub says of somebody at the moment of the decision. Never taken from a payload's `author_association`, which says nothing of
 * roles: a member of the organisation may have no more than `read`, and one whose membership is private looks like a stranger.
 */
export interface ActorFacts {
  readonly id: number
  readonly login: string
  readonly kind: 'user' | 'bot' | 'app'
  /** `role_name` of the repository's permission, which unlike `permission` tells `maintain` from `write`; absent: none. */
  readonly roleName?: string | undefined
  /** Slugs of the teams of the repository's organisation that the actor is in. */
  readonly teams: readonly string[]
  /** The App that acted, or through which the person acted (`performed_via_github_app`). */
  readonly appId?: number | undefined
}

/** Whether somebody may do something, and if not, why and what to do. */
export type Permission =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly words: string; readonly remedy: string }

/** What each action is called in an answer. */
const verbs: Readonly<Record<RingAction, string>> = {
  view: 'see this ring',
  promote: 'promote into this ring',
  approve: 'approve or reject for this ring',
  rollback: 'roll this ring back',
  run: 'start runs in this ring',
  lock: 'lock this ring',
  unlock: 'end the lock of somebody else',
  pause: 'pause or resume this ring',
  undeploy: 'undeploy this ring',
  archive: 'archive this ring',
  unquarantine: 'release a version from quarantine',
  hotfix: 'pass a freeze with a hotfix',
  override: 'pass over the order of the rings',
}

/** Whether an actor may do something in a ring. The one rule that commands, API and console go by; whom nothing lets in stays out. */
export function mayDo(actor: ActorFacts, action: RingAction, grants: RingGrants): Permission {
  if (actor.appId !== undefined && !grants.apps.includes(actor.appId)) return strangeApp(actor)
  if (actor.kind !== 'user') return mayDoAsApp(actor, action)
  if (grants.who[action].some(grant => letsIn(grant, actor))) return { allowed: true }
  return refuse(actor, action, grants.who[action].map(grantName))
}

function refuse(actor: ActorFacts, action: RingAction, whom: readonly string[]): Permission {
  const change = `change \`who.${action}\` of the ring in the ring file`
  if (whom.length === 0) {
    return { allowed: false, words: `Nobody may ${verbs[action]}.`, remedy: `To let somebody, ${change}.` }
  }
  return {
    allowed: false,
    words: `Only ${whom.join(', ')} may ${verbs[action]}; @${actor.login} has ${roleWords(actor)}.`,
    remedy: `Ask one of them, or ${change}.`,
  }
}

/** The strongest role whose own work an actor may do in a ring; undefined for one who may not even see it. */
export function roleOf(actor: ActorFacts, grants: RingGrants): Role | undefined {
  const work: Readonly<Record<Role, RingAction>> = {
    viewer: 'view',
    deployer: 'promote',
    approver: 'approve',
    admin: 'override',
  }
  return roles.findLast(role => mayDo(actor, work[role], grants).allowed)
}

function letsIn(grant: Grant, actor: ActorFacts): boolean {
  switch (grant.kind) {
    case 'role':
      // A role that is none of GitHub's own is at no place in the order: -1.
      return githubRoles.findIndex(role => role === actor.roleName) >= githubRoles.indexOf(grant.role)
    case 'custom_role':
      return actor.roleName === grant.role
    case 'team':
      return actor.teams.some(team => team.toLowerCase() === grant.slug.toLowerCase())
    case 'user':
      return grant.id === undefined ? actor.login.toLowerCase() === grant.login.toLowerCase() : actor.id === grant.id
  }
}

/** A machine that is let in may do what a deployer may: a yes, and what cannot be undone, are for people. */
function mayDoAsApp(actor: ActorFacts, action: RingAction): Permission {
  if (actor.appId === undefined) return strangeApp(actor)
  if (roleCovers('deployer', action)) return { allowed: true }
  return {
    allowed: false,
    words: `@${actor.login} is no person, and only people may ${verbs[action]}.`,
    remedy: 'Let a person do it.',
  }
}

function strangeApp(actor: ActorFacts): Permission {
  const words =
    actor.kind === 'user'
      ? `@${actor.login} wrote through an App that may not act here.`
      : `@${actor.login} is no person and no App that may act here.`
  return {
    allowed: false,
    words,
    remedy: 'Let a person write it on GitHub, or let the operator of Ringway allow the App by its id.',
  }
}

function roleWords({ roleName }: ActorFacts): string {
  return roleName === undefined ? 'no role' : `the role ${roleName}`
}
