import type { Scope } from '../expression/evaluate-expression.ts'
import type { TemplateNode } from '../workflow/template-node.ts'
import type { JobState } from './job-state.ts'
import type { StepOutput } from './step-output.ts'

/** What a phase of a step is given when its turn comes. */
export interface PhaseRun {
  readonly job: JobState
  /** `env` of the step, evaluated. */
  readonly variables: Readonly<Record<string, string>>
  readonly output: StepOutput
  /** The GITHUB_OUTPUT family. */
  readonly files: Readonly<Record<string, string>>
  readonly cancelled: AbortSignal
}

export type PhaseEnd =
  | { readonly kind: 'succeeded' }
  /** Without a message where the step itself has said why. */
  | { readonly kind: 'failed'; readonly message?: string }
  | { readonly kind: 'cancelled' }

/** A part of a step with a place of its own in the job: `pre`, `main` or `post`. */
export interface Phase {
  /** The name for people; asked again when the phase begins, because it may speak of earlier steps. */
  readonly name: (scope: Scope) => string
  readonly condition: string
  readonly env: TemplateNode | undefined
  readonly timeoutMinutes: TemplateNode | undefined
  readonly continueOnError: TemplateNode | undefined
  /** Outputs are filed under `steps.<id>`; undefined for pre and post. */
  readonly outcomeId: string | undefined
  readonly run: (run: PhaseRun) => Promise<PhaseEnd>
  /** Where `save-state` of this phase is kept for the action's later ones. */
  readonly savedState: Map<string, string>
}
