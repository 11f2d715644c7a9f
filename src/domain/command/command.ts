import type { Json } from '../manifest.ts'
import type { DurationMs } from '../units.ts'
import type { NamedArtifact } from './named-artifact.ts'

/** What people can ask for, in the order in which `/help` lists it. */
export const commandNames = [
  'promote',
  'rollback',
  'approve',
  'reject',
  'status',
  'diff',
  'retry',
  'lock',
  'unlock',
  'pause',
  'resume',
  'undeploy',
  'archive',
  'unquarantine',
  'run',
  'help',
] as const

/** The name of a command; which word stands for it is a repository's own choice. */
export type CommandName = (typeof commandNames)[number]

/** A ring as people name it: `staging`, or `support/staging` where several solutions have one. */
export interface RingReference {
  readonly solution?: string | undefined
  readonly ring: string
}

/** Free `key=value` facts that a run is given as data. They are never part of a command line. */
export type Parameters = Readonly<Record<string, string>>

/** Places a version in a ring. */
export interface PromoteCommand {
  readonly kind: 'promote'
  readonly ring: RingReference
  /** Absent: the one that the place of the command means. */
  readonly artifact?: NamedArtifact | undefined
  readonly reason?: string | undefined
  /** Only say what would happen. */
  readonly dryRun: boolean
  /** Pass a freeze that excepts hotfixes; has a reason. */
  readonly hotfix: boolean
  /** Pass over the rings before; has a reason. */
  readonly skipOrder: boolean
  readonly parameters: Parameters
}

/** Brings back what was active and healthy in a ring before. */
export interface RollbackCommand {
  readonly kind: 'rollback'
  readonly ring: RingReference
  /** Absent: the last one that was active and healthy. */
  readonly to?: NamedArtifact | undefined
  readonly reason?: string | undefined
  /** Keep the bad version out of this ring and later ones. */
  readonly quarantine: boolean
}

/** Something that happens to one ring, or to the promotion that waits for it. */
export interface RingCommand {
  readonly kind: 'pause' | 'resume' | 'undeploy' | 'archive'
  readonly ring: RingReference
  readonly reason?: string | undefined
}

/** An answer to a promotion that waits. */
export interface AnswerCommand {
  readonly kind: 'approve' | 'reject'
  /** Absent: the one that waits. */
  readonly ring?: RingReference | undefined
  /** The id of the promotion that is meant: another one that waits is not. Absent: whichever waits. */
  readonly promotion?: string | undefined
  readonly reason?: string | undefined
}

/** Keeps promotions out. */
export interface LockCommand {
  readonly kind: 'lock'
  /** Absent: every ring of the repository. */
  readonly ring?: RingReference | undefined
  /** Absent: until somebody unlocks. */
  readonly duration?: DurationMs | undefined
  readonly reason?: string | undefined
}

/** Starts a run of a component. */
export interface RunCommand {
  readonly kind: 'run'
  readonly solution?: string | undefined
  readonly component: string
  /** Absent: the last ring. */
  readonly ring?: string | undefined
  readonly input: Json
}

/** What somebody asked for, as it was read. Whether it may be, and what it means here, is decided elsewhere. */
export type Command =
  | PromoteCommand
  | RollbackCommand
  | AnswerCommand
  | RingCommand
  | LockCommand
  /** `lock --details`: who holds a lock, since when and why. Changes nothing. */
  | { readonly kind: 'show_lock'; readonly ring?: RingReference | undefined }
  /** Absent ring: the lock of the whole repository. */
  | { readonly kind: 'unlock'; readonly ring?: RingReference | undefined; readonly reason?: string | undefined }
  | {
      readonly kind: 'unquarantine'
      readonly artifact: NamedArtifact
      /** Absent: every ring of the solution that keeps it out. */
      readonly ring?: RingReference | undefined
      readonly reason?: string | undefined
    }
  | RunCommand
  | { readonly kind: 'status'; readonly ring?: RingReference | undefined }
  | { readonly kind: 'diff'; readonly ring: RingReference }
  | {
      readonly kind: 'retry'
      readonly ring?: RingReference | undefined
      /** The id of the promotion that is meant. Absent: the newest that did not come to a good end. */
      readonly promotion?: string | undefined
    }
  | { readonly kind: 'help'; readonly about?: CommandName | undefined }

/** `staging`, or `support/staging` */
export function ringReferenceName({ solution, ring }: RingReference): string {
  return solution === undefined ? ring : `${solution}/${ring}`
}
