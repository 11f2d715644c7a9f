import type { JobPermissions } from './permissions.ts'
import type { TemplateNode } from './template-node.ts'

/** `defaults.run` of a workflow or job. */
export interface RunDefaults {
  readonly shell?: TemplateNode | undefined
  readonly workingDirectory?: TemplateNode | undefined
}

interface StepBase {
  readonly id: string
  /** True when the file gave the id, so that `steps.<id>` can be asked for. */
  readonly isNamed: boolean
  readonly name: TemplateNode | undefined
  /** An expression that always asks for a status (`success() && …`). */
  readonly condition: string
  readonly env: TemplateNode | undefined
  readonly continueOnError: TemplateNode | undefined
  readonly timeoutMinutes: TemplateNode | undefined
}

export interface RunStepDefinition extends StepBase {
  readonly kind: 'run'
  readonly script: TemplateNode
  readonly shell: TemplateNode | undefined
  readonly workingDirectory: TemplateNode | undefined
}

export interface ActionStepDefinition extends StepBase {
  readonly kind: 'uses'
  readonly uses: string
  readonly with: TemplateNode | undefined
}

export type StepDefinition = RunStepDefinition | ActionStepDefinition

/** A job as the workflow file declares it; every value is still a template. */
export interface JobDefinition {
  readonly key: string
  readonly name: TemplateNode | undefined
  readonly needs: readonly string[]
  readonly condition: string
  readonly runsOn: TemplateNode | undefined
  readonly environment: TemplateNode | undefined
  readonly concurrency: TemplateNode | undefined
  readonly permissions: JobPermissions | undefined
  readonly env: TemplateNode | undefined
  readonly outputs: TemplateNode | undefined
  readonly defaults: RunDefaults
  readonly timeoutMinutes: TemplateNode | undefined
  readonly cancelTimeoutMinutes: TemplateNode | undefined
  readonly continueOnError: TemplateNode | undefined
  readonly steps: readonly StepDefinition[]
}
