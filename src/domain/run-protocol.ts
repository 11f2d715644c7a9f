import type { ConfigLayer } from './configuration.ts'
import type { DeploymentState } from './deployment.ts'
import type { Manifest } from './manifest.ts'
import type { ReasonCode } from './reason-code.ts'
import type { CheckResult } from './result.ts'
import type { CommitSha, Sha256Digest } from './units.ts'
import type { VersionNumber } from './version.ts'

/**
 * What a run of the Action and the App tell each other. The run proves who it is with an OIDC token; it reports what it did and saw, and the
 * App alone decides what follows from it. Every message may be sent again: what was taken in already changes nothing.
 */

/** A run asks for its work: `POST /v1/runs`. */
export interface RunClaim {
  readonly command: 'deploy' | 'rollback'
  readonly environment: string
  /** What the dispatcher filled in; absent in a run that somebody started by hand. */
  readonly promotion: string | undefined
  /** What somebody filled in by hand: a version or a digest. */
  readonly artifact: string | undefined
  /** Free words of whoever started it. */
  readonly reason: string | undefined
}

/** An artifact by the names that a run needs to bring it back. */
export interface NamedArtifact {
  /** Absent for a draft. */
  readonly version: VersionNumber | undefined
  readonly digest: Sha256Digest
}

/** The work of a run. */
export interface Assignment {
  /** Our id of the deployment. */
  readonly deployment: number
  readonly githubDeployment: number | undefined
  readonly promotion: string
  /**
   * `place`: bring the version in beside what runs, check it, send traffic to it. `restore`: bring back what ran before. `remove`: take the
   * version away, nothing ran before; it is reported by `put_back` alone.
   */
  readonly task: 'place' | 'restore' | 'remove'
  readonly solution: string
  readonly ring: string
  readonly environment: string
  readonly version: VersionNumber | undefined
  readonly digest: Sha256Digest
  /** What it displaces; of a restoration, what is taken away. */
  readonly previous: NamedArtifact | undefined
  /** What whoever wanted it said besides, as `key=value`: the ring's commands get it. @default none */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** The organisation's configuration layer of this deployment; the others are in the artifact. */
  readonly organisation: ConfigLayer
  /**
   * Where the deployment stands: a run that is started again goes on from there. One that is `rolling_back` is put back and nothing else;
   * one that is active or has ended is left alone.
   */
  readonly state: DeploymentState
  /** Of a deployment that has ended: why, for the words of a run that is started again. */
  readonly reason?: ReasonCode | undefined
  readonly words?: string | undefined
}

/**
 * What a run did or saw. `packaged`: the artifact is here and verified; `placed`: the target took it; `checked`: every check passed;
 * `activated`: traffic goes there; `failed`: it cannot become active; `put_back`: what it displaced was brought back, or could not be.
 */
export interface RunReport {
  readonly deployment: number
  readonly event: 'packaged' | 'placed' | 'checked' | 'activated' | 'failed' | 'put_back'
  readonly words: string
  readonly reason?: ReasonCode | undefined
  /** Of `failed`: whether the answer was no, or could not be had. */
  readonly kind?: 'failed' | 'errored' | undefined
  /** Of `put_back`: whether what ran before runs again. */
  readonly ok?: boolean | undefined
  /** Where the version answers, as the target reported it. */
  readonly url?: string | undefined
  /** Of the checks that have ended. */
  readonly checks?: readonly CheckResult[] | undefined
}

/** What the App makes of a report. */
export interface RunVerdict {
  readonly state: DeploymentState
  /**
   * `stop`: the run must not go on towards active; it reports `failed` with the verdict's reason, puts back what it displaced and reports
   * that. `over`: nothing more is expected of the run, whether the deployment is active or has ended. Whatever the verdict, a run whose
   * deployment has ended before it asked the target for anything has nothing to put back.
   */
  readonly verdict: 'go_on' | 'stop' | 'over'
  readonly reason: ReasonCode
  readonly words: string
  /**
   * Of `stop`, where the pointer moved since the run was assigned: what the ring points to now, and so what has to run again. Absent: what
   * the assignment names.
   */
  readonly current?: { readonly artifact: NamedArtifact | undefined } | undefined
}

/** A build tells what it published: `POST /v1/builds`. */
export interface BuildReport {
  readonly solution: string
  /** Absent for a draft. */
  readonly version: VersionNumber | undefined
  readonly digest: Sha256Digest
  readonly content: Sha256Digest
  /** The commit that was built: of content that was known already, a later one than its version's. */
  readonly commit: CommitSha
  /** The pull request that a draft was built for. */
  readonly pullRequest: number | undefined
  /** Without the list of files, which may be long. */
  readonly manifest: Omit<Manifest, 'files'>
}

/** What the App makes of a build: the rings that the version goes into by itself. */
export interface BuildAnswer {
  readonly promotions: readonly { readonly ring: string; readonly promotion: string }[]
}

/** Somebody's own workflow asks for a promotion: `POST /v1/promotions`. The answer is the record in which a run ends. */
export interface PromotionWish {
  readonly environment: string
  /** A version or a digest; absent: the newest version. */
  readonly artifact: string | undefined
  /** Free words of whoever asks. */
  readonly reason: string | undefined
  /** Decide and say, change nothing. */
  readonly dryRun: boolean
}
