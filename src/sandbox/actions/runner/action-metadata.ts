import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { entriesOf, entryOf, type TemplateNode, templateNodeOf, textOf } from '../workflow/template-node.ts'
import { actionParser, workflowParser } from '../workflow/workflow-language.ts'

/** A JavaScript action, as its `action.yml` describes it. */
export interface ActionMetadata {
  readonly name: string
  readonly directory: string
  /** Input names with their defaults (which may be expressions). */
  readonly inputs: ReadonlyMap<string, { readonly fallback: TemplateNode | undefined; readonly isRequired: boolean }>
  readonly main: string
  readonly pre: string | undefined
  readonly post: string | undefined
  readonly preCondition: string
  readonly postCondition: string
}

export type ActionMetadataResult =
  | { readonly kind: 'read'; readonly metadata: ActionMetadata }
  | { readonly kind: 'unusable'; readonly message: string }

// All of them run on this Node: what an older runner offered has no bearing on a rehearsal.
const NODE_RUNTIMES = ['node20', 'node24']

/** Reads `action.yml` (or `action.yaml`) of a directory. */
export async function readActionMetadata(directory: string): Promise<ActionMetadataResult> {
  const content = await readFirst([join(directory, 'action.yml'), join(directory, 'action.yaml')])
  if (content === undefined)
    return unusable(
      `Can't find 'action.yml' or 'action.yaml' under '${directory}'. Did you forget to run actions/checkout before running your local action?`,
    )

  const parsed = actionParser.parseAction({ name: 'action.yml', content }, new workflowParser.NoOperationTraceWriter())
  const problems = parsed.context.errors.getErrors().map(error => error.message)
  if (parsed.value === undefined || problems.length > 0) return unusable(`Invalid action file: ${problems.join('; ')}`)
  return metadataOf(directory, templateNodeOf(content))
}

function metadataOf(directory: string, root: TemplateNode): ActionMetadataResult {
  const runs = entryOf(root, 'runs')
  const using = textOf(entryOf(runs, 'using')) ?? ''
  if (!NODE_RUNTIMES.includes(using.toLowerCase()))
    return unusable(
      `The action in '${directory}' uses '${using}'; the sandbox runs only ${NODE_RUNTIMES.join(' and ')}.`,
    )
  const main = textOf(entryOf(runs, 'main'))
  if (main === undefined) return unusable(`The action in '${directory}' names no \`runs.main\`.`)
  const inputs = [...entriesOf(entryOf(root, 'inputs'))].map(([name, input]) => {
    const isRequired = textOf(entryOf(input, 'required')) === 'true'
    return [name, { fallback: entryOf(input, 'default'), isRequired }] as const
  })
  const metadata: ActionMetadata = {
    name: textOf(entryOf(root, 'name')) ?? directory,
    directory,
    inputs: new Map(inputs),
    main,
    pre: textOf(entryOf(runs, 'pre')),
    post: textOf(entryOf(runs, 'post')),
    preCondition: conditionOf(entryOf(runs, 'pre-if')),
    postCondition: conditionOf(entryOf(runs, 'post-if')),
  }
  return { kind: 'read', metadata }
}

function conditionOf(node: TemplateNode | undefined): string {
  if (node?.kind === 'expression') return node.expression
  return textOf(node) ?? 'always()'
}

async function readFirst(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const content = await readFile(path, 'utf8').catch(() => undefined)
    if (content !== undefined) return content
  }
  return undefined
}

function unusable(message: string): ActionMetadataResult {
  return { kind: 'unusable', message }
}
