import type { WorkflowTemplate } from '@actions/workflow-parser'
import type { JobDefinition } from './job-definition.ts'
import { type JobPermissions, readPermissions } from './permissions.ts'
import { readJob } from './read-job.ts'
import { entriesOf, entryOf, type TemplateNode, templateNodeOf, textOf, textsOf } from './template-node.ts'
import { unsupportedFeatures } from './unsupported-features.ts'
import { workflowParser } from './workflow-language.ts'

/** A workflow file that can be run. */
export interface WorkflowFile {
  readonly path: string
  readonly name: string
  readonly events: ReadonlyMap<string, TemplateNode>
  readonly runName: TemplateNode | undefined
  readonly env: TemplateNode | undefined
  readonly concurrency: TemplateNode | undefined
  readonly permissions: JobPermissions | undefined
  readonly jobs: readonly JobDefinition[]
  /** Everything that keeps a run of this file from starting; empty for a file that can run. */
  readonly problems: readonly string[]
}

/**
 * Reads a workflow file with GitHub's parser. A file that is invalid or asks for something the sandbox has not is still
 * read as far as it can be (its name and triggers), and says so in `problems`: a run of it fails with those words.
 */
export async function readWorkflowFile(path: string, content: string): Promise<WorkflowFile> {
  const result = workflowParser.parseWorkflow({ name: path, content }, new workflowParser.NoOperationTraceWriter())
  if (result.value === undefined) return unreadable(path, parserProblems(result))

  const root = templateNodeOf(content)
  const template = await workflowParser.convertWorkflowTemplate(result.context, result.value)
  const problems = template.errors?.map(error => `Invalid workflow file: ${error.Message}`) ?? unsupportedFeatures(root)
  return {
    path,
    name: textOf(entryOf(root, 'name')) ?? path,
    events: readEvents(entryOf(root, 'on')),
    runName: entryOf(root, 'run-name'),
    env: entryOf(root, 'env'),
    concurrency: entryOf(root, 'concurrency'),
    permissions: readPermissions(entryOf(root, 'permissions')),
    jobs: problems.length === 0 ? readJobs(root, template) : [],
    problems,
  }
}

function readJobs(root: TemplateNode, template: WorkflowTemplate): readonly JobDefinition[] {
  const defaults = entryOf(entryOf(root, 'defaults'), 'run')
  const nodes = entriesOf(entryOf(root, 'jobs'))
  return template.jobs.flatMap(job => {
    const node = nodes.get(job.id.value)
    return job.type === 'job' && node !== undefined ? [readJob({ job, node, defaults })] : []
  })
}

function readEvents(node: TemplateNode | undefined): ReadonlyMap<string, TemplateNode> {
  if (node?.kind === 'mapping') return node.entries
  return new Map(textsOf(node).map(name => [name, { kind: 'mapping', entries: new Map() } as const]))
}

function parserProblems(result: ReturnType<typeof workflowParser.parseWorkflow>): readonly string[] {
  return result.context.errors.getErrors().map(error => `Invalid workflow file: ${error.message}`)
}

function unreadable(path: string, problems: readonly string[]): WorkflowFile {
  return {
    path,
    name: path,
    events: new Map(),
    runName: undefined,
    env: undefined,
    concurrency: undefined,
    permissions: undefined,
    jobs: [],
    problems,
  }
}
