import type { DeploymentState } from './deployment.ts'
import type { GateVerdict } from './gates/gate-verdict.ts'
import type { ReasonCode } from './reason-code.ts'
import type { RingwayError } from './ringway-error.ts'

/**
 * How a run ended. `done`: it did what was asked; `nothing`: there was nothing to do; `refused`: a rule says no; `failed`: it was tried and
 * did not work; `errored`: it could not be asked.
 */
export type Decision = 'done' | 'nothing' | 'refused' | 'failed' | 'errored'

/** A check as it ended. */
export interface CheckResult {
  readonly kind: 'passed' | 'failed' | 'errored'
  readonly words: string
  readonly evidence: string
  readonly attempts: number
  readonly took_ms: number
}

/** What `build` made of one solution. */
export interface SolutionResult {
  readonly solution: string
  readonly version: string | null
  readonly digest: string
  readonly content: string
  /** Whether this build published a version that was not there before. */
  readonly published: boolean
  /** Whether the first ring points to other content, so that a deployment was asked for. */
  readonly changed: boolean
  readonly uploaded_bytes: number
  /** How its interfaces compare with those of the version before; null when there was none. */
  readonly compatibility: { readonly breaking: boolean; readonly findings: readonly string[] } | null
  readonly dispatched: readonly {
    readonly ring: string
    readonly run_url: string
    readonly deployment_id: number | null
  }[]
  /** What the App was moved by this build to open; absent where there is no App. */
  readonly promotions?: readonly { readonly ring: string; readonly promotion: string }[] | undefined
}

/** What a ring points to. */
export interface RingResult {
  readonly solution: string
  readonly ring: string
  readonly environment: string
  readonly version: string | null
  readonly digest: string | null
  /** Of the newest deployment, which need not be the active one. */
  readonly state: DeploymentState | null
  readonly newest: string | null
  readonly url: string | null
}

/**
 * The record in which every run ends: the `result` output, as it stands on the wire. A field is added under the same `schema_version`;
 * a field that goes or changes its meaning raises it.
 */
export interface RunResult {
  readonly schema_version: 1
  readonly command: string
  readonly decision: Decision
  readonly reason_code: ReasonCode
  readonly message: string
  /** What a person should do now; absent when there is nothing to do. */
  readonly remedy?: string | undefined
  readonly solution?: string | undefined
  readonly ring?: string | undefined
  readonly environment?: string | undefined
  readonly version?: string | undefined
  readonly digest?: string | undefined
  readonly deployment_id?: number | undefined
  readonly state?: DeploymentState | undefined
  readonly previous_version?: string | undefined
  readonly url?: string | undefined
  readonly changed?: boolean | undefined
  /** What ships: how the version differs from the one that the ring pointed to, one line each. */
  readonly changes?: readonly string[] | undefined
  readonly gates?: readonly GateVerdict[] | undefined
  readonly checks?: readonly CheckResult[] | undefined
  readonly solutions?: readonly SolutionResult[] | undefined
  readonly rings?: readonly RingResult[] | undefined
  /** Runs that this one started. */
  readonly dispatched?: readonly { readonly ring: string; readonly run_url: string }[] | undefined
}

/** The result of a run that an error ended. */
export function resultOfError(command: string, error: RingwayError): RunResult {
  return {
    schema_version: 1,
    command,
    decision: error.code === 'superseded_by_head' ? 'nothing' : error.kind === 'errored' ? 'errored' : 'failed',
    reason_code: error.code,
    message: error.message,
    remedy: error.remedy,
  }
}
