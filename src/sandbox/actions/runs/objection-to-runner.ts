import { type Scope, textOfJson } from '../expression/evaluate-expression.ts'
import { evaluateTemplate } from '../expression/evaluate-template.ts'
import type { Json } from '../expression/json.ts'
import type { JobDefinition } from '../workflow/job-definition.ts'

/** Words about a `runs-on` that came to something the sandbox has not; literal labels were looked at before the run. */
export function objectionToRunner(definition: JobDefinition, scope: Scope): string | undefined {
  if (definition.runsOn === undefined) return undefined
  const value = evaluateTemplate(definition.runsOn, scope)
  const labels = (isList(value) ? value : [value]).map(textOfJson)
  const unknown = labels.filter(label => !label.startsWith('ubuntu-'))
  if (unknown.length === 0) return undefined
  return `Job \`${definition.key}\` runs on \`${unknown.join(', ')}\`; the sandbox has only \`ubuntu-*\` runners.`
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
