import type { ConfigLayer } from '../domain/configuration.ts'
import type { Manifest } from '../domain/manifest.ts'
import type { CommandTarget } from '../domain/ring.ts'
import type { DurationMs, Sha256Digest } from '../domain/units.ts'

/** An artifact on this machine, unpacked, with what the target needs to know of it. */
export interface Placement {
  /** Absolute path of the unpacked artifact. */
  readonly directory: string
  readonly manifest: Manifest
  readonly solution: string
  readonly ring: string
  readonly environment: string
  readonly deployment: number
  /** `v42`; empty for a draft. */
  readonly version: string
  readonly digest: Sha256Digest
  /** What it displaces, or replaces when it is restored. */
  readonly previous?: { readonly version: string; readonly digest: Sha256Digest } | undefined
  /** `key=value` of whoever wanted it. @default none */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** The ring's effective configuration. */
  readonly configuration: ConfigLayer
  /** Of the whole step. */
  readonly deadline: DurationMs
}

/** What a target answered. */
export type TargetOutcome =
  /** `url`: where this version answers, as the target reported it. */
  | { readonly kind: 'done'; readonly url?: string | undefined }
  /** `evidence`: the last lines that it printed. */
  | { readonly kind: 'failed'; readonly words: string; readonly evidence: string }

/** Where the versions of a ring run. Every verb may be called again and has the same effect. */
export interface TargetDriver {
  /** Brings a version beside the one that runs. */
  place(target: CommandTarget, placement: Placement): Promise<TargetOutcome>
  /** Sends traffic to a placed version. */
  activate(target: CommandTarget, placement: Placement): Promise<TargetOutcome>
  /** Brings back a version that ran before, and traffic with it. */
  restore(target: CommandTarget, placement: Placement): Promise<TargetOutcome>
  /** Takes a version away when there is nothing to restore. */
  remove(target: CommandTarget, placement: Placement): Promise<TargetOutcome>
}
