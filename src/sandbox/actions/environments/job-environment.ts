import type { Scope } from '../expression/evaluate-expression.ts'
import { evaluateFlag, evaluateText } from '../expression/evaluate-template.ts'
import type { JobDefinition } from '../workflow/job-definition.ts'
import { entryOf } from '../workflow/template-node.ts'

/** The environment that a job names. */
export interface JobEnvironment {
  readonly name: string
  /** False: `deployment: false`, the environment without a Deployment. */
  readonly deploys: boolean
}

/** Evaluates `environment:`; undefined where the job names none (an expression may come to nothing). */
export function jobEnvironment(definition: JobDefinition, scope: Scope): JobEnvironment | undefined {
  const node = definition.environment
  if (node === undefined) return undefined
  const name = evaluateText(node.kind === 'mapping' ? entryOf(node, 'name') : node, scope)
  if (name === undefined || name === '') return undefined
  return { name, deploys: evaluateFlag(entryOf(node, 'deployment'), scope, true) }
}
