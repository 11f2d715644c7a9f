import type { Settings } from './setting.ts'

/** Who can own, act and be named: a person, an organisation, or the bot of an App. */
export interface Account {
  readonly id: number
  readonly login: string
  readonly type: 'User' | 'Organization' | 'Bot'
  readonly name: string | null
  readonly createdAt: Date
  /** Of an organisation; empty for others. */
  readonly members: Map<number, OrganizationMember>
  /** Of an organisation, by slug; empty for others. */
  readonly teams: Map<string, Team>
  readonly variables: Settings
  readonly secrets: Settings
}

interface OrganizationMember {
  readonly account: Account
  readonly role: 'admin' | 'member'
}

export interface Team {
  readonly id: number
  readonly slug: string
  readonly name: string
  readonly organization: Account
  readonly members: Map<number, TeamMember>
}

export interface TeamMember {
  readonly account: Account
  readonly role: 'member' | 'maintainer'
}
