import type { ConfigLayer } from './configuration.ts'
import type { RingPolicy } from './policy/ring-policy.ts'
import type { DurationMs, EpochMs } from './units.ts'

/** An ordered stage with its own configuration, checks, gates and target. */
export interface Ring {
  readonly name: string
  /** The ring that a version must have been healthy in before; undefined for a first ring. */
  readonly after?: string | undefined
  /** The GitHub Environment that it uses. Its name alone names solution and ring. */
  readonly environment: string
  /** Whether a push to the default branch deploys here by itself. */
  readonly deployOn: 'push' | 'nothing'
  /** Whether a version that became active in the ring before moves on by itself. */
  readonly promote: 'auto' | 'manual'
  /** Whether builds of pull requests may enter. */
  readonly accepts: 'versions' | 'drafts'
  /** The ring's configuration layer. */
  readonly config: ConfigLayer
  readonly deploy: Target
  /** In the order in which they run. */
  readonly checks: readonly Check[]
  readonly gates: RingGates
  /** How long placing a version may take. */
  readonly maxDuration: DurationMs
  /** How long a promotion into the ring may wait for its gates. */
  readonly promotionExpiry: DurationMs
  /** How long after an automatic rollback the next one may not begin by itself. */
  readonly coolDown: DurationMs
  readonly alerts: {
    /** How long a deployment may be on its way before people are told that it is slow. */
    readonly slow: DurationMs
  }
  readonly locks: {
    /** What ends a lock that was taken on a pull request; a command always does. */
    readonly release: readonly ('merge' | 'close')[]
  }
  /** What a pull request is labelled with when its version became active in the ring, and when it did not. */
  readonly labels: { readonly success: readonly string[]; readonly failure: readonly string[] }
  /** Where people reach what runs in the ring; absent: where the target says that the version answers. */
  readonly url?: string | undefined
  /** Who may do what; absent: the usual roles. */
  readonly who?: RingPolicy | undefined
}

/** Where a ring's versions run. */
export type Target = CommandTarget

/** The user's own commands place, activate and restore a version. They run inside the unpacked artifact. */
export interface CommandTarget {
  readonly kind: 'command'
  /** Places the version beside the one that runs. */
  readonly run: string
  /** Sends traffic to the placed version, once every check has passed. */
  readonly activate?: string | undefined
  /** Brings the version back that ran before; {@link CommandTarget.run} where it is missing. */
  readonly rollback?: string | undefined
}

/** What is verified of a deployment while it validates. */
export type Check =
  | {
      readonly kind: 'http'
      /** An absolute URL, or a path below the URL that the target reported. */
      readonly url: string
      /** The expected HTTP status. */
      readonly expect: number
      /** Deadline for the first good answer. */
      readonly within: DurationMs
    }
  | {
      readonly kind: 'run'
      /** A command line that runs inside the unpacked artifact. */
      readonly run: string
      /** Of all attempts together. */
      readonly within: DurationMs
      /** How often it is run again when it ended badly. */
      readonly retries: number
    }

/** The rules that a promotion into a ring must satisfy. */
export interface RingGates {
  readonly approvals?: ApprovalRule | undefined
  /** How long the version must have been healthy in the ring before. */
  readonly soak: DurationMs
  /** Which checks of the commit must have passed on GitHub: none, those that branch protection requires, every one, or the named ones. */
  readonly checks: 'none' | 'required' | 'all' | readonly string[]
  /** Checks that never count, whatever {@link RingGates.checks} says. */
  readonly ignoredChecks: readonly string[]
  readonly windows: Windows
  readonly pullRequest: PullRequestRules
  /** What becomes of a version that breaks callers of the one that runs. */
  readonly compatibility: 'warn' | 'block'
  /** Whether a version may only enter while the one before it could be restored. */
  readonly rollbackReady: 'shown' | 'required'
  /** Whether the ring must have a budget that the version is expected to keep. */
  readonly budget: 'none' | 'required'
}

/** What is asked of the pull request that a candidate belongs to. One from a fork is refused whatever the rules say. */
export interface PullRequestRules {
  /** Whether a review on GitHub must have approved it. */
  readonly review: 'none' | 'required'
  /** Whether it must hold everything that its base holds. */
  readonly upToDate: 'none' | 'required'
  /** Whether one that is still a draft may be deployed. */
  readonly drafts: 'refuse' | 'allow'
  /** Whether GitHub must have verified the signature of each of its commits. */
  readonly verifiedCommits: 'none' | 'required'
  /** Labels that it must have, all of them, and labels that keep it out, any of them. */
  readonly labels: { readonly require: readonly string[]; readonly forbid: readonly string[] }
}

/** N of M people who say yes. */
export interface ApprovalRule {
  readonly count: number
  /** `team:<slug>` or a user's login; empty: whoever may approve. */
  readonly from: readonly string[]
  /** Whether the requester's own approval counts. */
  readonly self: boolean
  /** Whether the approvals of those count who wrote the artifact's commits. */
  readonly authors: boolean
  /** How long an approval holds. */
  readonly expiry: DurationMs
  /** Whether reviews of the GitHub Environment count as approvals. */
  readonly githubReviews: 'count' | 'ignore'
}

/** When a ring takes deployments. */
export interface Windows {
  /** Weekly windows; with none, always. */
  readonly allow: readonly WeeklyWindow[]
  readonly freeze: readonly Freeze[]
}

/** ISO weekday: Monday is 1, Sunday 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** A window that comes back every week, by the clock on the wall of its zone. */
export interface WeeklyWindow {
  readonly days: readonly Weekday[]
  /** Minutes after midnight, 0 to 1439. */
  readonly fromMinute: number
  /** Minutes after midnight, 1 to 1440, exclusive. At or below `fromMinute` the window ends on the next day. */
  readonly toMinute: number
  /** IANA zone. */
  readonly timezone: string
  /** As the ring file writes it. */
  readonly text: string
}

/** A span in which nothing is deployed. */
export interface Freeze {
  readonly from: EpochMs
  /** Exclusive. */
  readonly to: EpochMs
  readonly reason: string
  /** Deployments of this kind pass. */
  readonly except?: 'hotfix' | undefined
}
