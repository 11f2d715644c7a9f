import type { Account } from './deployments.ts'

/** A person as an event or a command names them. The id decides: a login may be somebody else's tomorrow. */
export interface Person {
  readonly login: string
  readonly id: number
}

/** What somebody may do in the repository. */
export interface RepositoryRole {
  /** `admin`, `maintain`, `write`, `triage`, `read`, `none`, or the name of a role that the organisation made. */
  readonly role: string
  /** What the role amounts to at least. */
  readonly permission: 'none' | 'read' | 'write' | 'admin'
}

/** Who people are, as GitHub says at the moment of the question. */
export interface People {
  /** Somebody without access, or who is no longer there, has the role `none`. */
  roleOf(person: Person): Promise<RepositoryRole>

  /** Whether somebody is a member of a team of the repository's organisation, or of a team inside it. A team that does not exist has none. */
  isMember(team: string, person: Person): Promise<boolean>

  /** Those of the teams, by slug, that somebody is a member of. */
  teamsOf(person: Person, teams: readonly string[]): Promise<readonly string[]>

  /** @returns undefined when there is no such account any more */
  account(id: number): Promise<Account | undefined>
}
