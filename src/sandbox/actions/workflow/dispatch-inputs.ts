import type { Json } from '../expression/json.ts'
import { entriesOf, entryOf, type TemplateNode, textOf, textsOf } from './template-node.ts'
import type { WorkflowFile } from './workflow-file.ts'

/** The inputs of a dispatch: typed for expressions, and as texts for the event's payload. */
export type DispatchInputs =
  | {
      readonly kind: 'valid'
      readonly values: Readonly<Record<string, Json>>
      readonly texts: Readonly<Record<string, string>>
    }
  | { readonly kind: 'refused'; readonly message: string }

/** Checks what was given against what `on.workflow_dispatch.inputs` declares, as GitHub does before a run exists. */
export function readDispatchInputs(workflow: WorkflowFile, given: Readonly<Record<string, unknown>>): DispatchInputs {
  const trigger = workflow.events.get('workflow_dispatch')
  if (trigger === undefined) return refused("Workflow does not have 'workflow_dispatch' trigger")
  const declared = entriesOf(entryOf(trigger, 'inputs'))
  const unexpected = Object.keys(given).filter(name => !declared.has(name))
  if (unexpected.length > 0) return refused(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`)

  const values: Record<string, Json> = {}
  const texts: Record<string, string> = {}
  for (const [name, declaration] of declared) {
    const text = inputText(declaration, given[name])
    const problem = inputProblem({ name, declaration, text })
    if (problem !== undefined) return refused(problem)
    texts[name] = text ?? ''
    values[name] = typedInput(textOf(entryOf(declaration, 'type')), text)
  }
  return { kind: 'valid', values, texts }
}

function inputText(declaration: TemplateNode, given: unknown): string | undefined {
  if (typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean') return String(given)
  const otherwise = textOf(entryOf(declaration, 'default'))
  if (otherwise !== undefined) return otherwise
  const type = textOf(entryOf(declaration, 'type'))
  if (type === 'boolean') return 'false'
  return type === 'choice' && !isRequired(declaration) ? textsOf(entryOf(declaration, 'options'))[0] : undefined
}

function inputProblem(input: {
  readonly name: string
  readonly declaration: TemplateNode
  readonly text: string | undefined
}): string | undefined {
  const { name, declaration, text } = input
  if (isRequired(declaration) && (text === undefined || text === '')) return `Required input '${name}' not provided`
  if (text === undefined) return undefined
  const type = textOf(entryOf(declaration, 'type'))
  if (type === 'choice') {
    const options = textsOf(entryOf(declaration, 'options'))
    return options.includes(text)
      ? undefined
      : `Provided value '${text}' for input '${name}' not in the list of allowed values`
  }
  if (type === 'boolean' && text !== 'true' && text !== 'false')
    return `Provided value '${text}' for input '${name}' is not a boolean`
  if (type === 'number' && (text.trim() === '' || Number.isNaN(Number(text))))
    return `Provided value '${text}' for input '${name}' is not a number`
  return undefined
}

function typedInput(type: string | undefined, text: string | undefined): Json {
  if (type === 'boolean') return text === 'true'
  if (type === 'number') return text === undefined ? null : Number(text)
  return text ?? ''
}

function isRequired(declaration: TemplateNode): boolean {
  return textOf(entryOf(declaration, 'required')) === 'true'
}

function refused(message: string): DispatchInputs {
  return { kind: 'refused', message }
}
