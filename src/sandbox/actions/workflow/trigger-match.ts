import { matchesFilter } from './filter-pattern.ts'
import { entryOf, type TemplateNode, textsOf } from './template-node.ts'
import type { WorkflowFile } from './workflow-file.ts'

/** What happened, as far as `on:` can ask for it. */
export interface TriggerFacts {
  readonly event: string
  /** The activity, such as `opened`; undefined for events without one. */
  readonly action?: string | undefined
  /** The branch that was pushed to, or the base branch of a pull request. */
  readonly branch?: string | undefined
  readonly tag?: string | undefined
  /** Files that changed; asked for only when the workflow filters by path. */
  readonly changedPaths?: (() => Promise<readonly string[]>) | undefined
}

// Where `types` is absent these activities start a run; other events start one at any activity.
const DEFAULT_TYPES: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
}

/** True when the workflow's `on:` asks for what happened. */
export async function isTriggered(workflow: WorkflowFile, facts: TriggerFacts): Promise<boolean> {
  const filter = workflow.events.get(facts.event)
  if (filter === undefined) return false
  return matchesTypes(filter, facts) && matchesRef(filter, facts) && (await matchesPaths(filter, facts))
}

function matchesTypes(filter: TemplateNode, { event, action }: TriggerFacts): boolean {
  const types = list(filter, 'types') ?? DEFAULT_TYPES[event]
  return types === undefined || (action !== undefined && types.includes(action))
}

function matchesRef(filter: TemplateNode, { branch, tag }: TriggerFacts): boolean {
  const branches = list(filter, 'branches')
  const branchesIgnore = list(filter, 'branches-ignore')
  const tags = list(filter, 'tags')
  const tagsIgnore = list(filter, 'tags-ignore')
  if (tag !== undefined) {
    if (tags !== undefined) return matchesFilter(tags, tag)
    if (tagsIgnore !== undefined) return !matchesFilter(tagsIgnore, tag)
    // A workflow that filters branches only does not want tags, and the other way round.
    return branches === undefined && branchesIgnore === undefined
  }
  if (branch === undefined) return true
  if (branches !== undefined) return matchesFilter(branches, branch)
  if (branchesIgnore !== undefined) return !matchesFilter(branchesIgnore, branch)
  return tags === undefined && tagsIgnore === undefined
}

async function matchesPaths(filter: TemplateNode, { tag, changedPaths }: TriggerFacts): Promise<boolean> {
  const paths = list(filter, 'paths')
  const ignored = list(filter, 'paths-ignore')
  // Path filters are not asked for tags.
  if (tag !== undefined || changedPaths === undefined || (paths === undefined && ignored === undefined)) return true
  const changed = await changedPaths()
  if (paths !== undefined) return changed.some(path => matchesFilter(paths, path))
  return changed.some(path => !matchesFilter(ignored ?? [], path))
}

function list(filter: TemplateNode, key: string): readonly string[] | undefined {
  const node = entryOf(filter, key)
  return node === undefined ? undefined : textsOf(node)
}
