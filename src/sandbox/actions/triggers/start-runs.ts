import type { ActionsRuntime } from '../runs/actions-runtime.ts'
import type { NewRun } from '../runs/create-run.ts'
import { isTriggered } from '../workflow/trigger-match.ts'
import type { RepositoryEvent } from './repository-event.ts'
import { triggeringOf } from './triggering-of.ts'
import type { WorkflowFiles } from './workflow-files.ts'

/** The runs that an event asks for, in the order of their workflows' paths. */
export async function runsFor(
  { world, store }: ActionsRuntime,
  files: WorkflowFiles,
  event: RepositoryEvent,
): Promise<readonly NewRun[]> {
  const triggering = await triggeringOf(world, event)
  if (triggering === undefined) return []
  const { repository } = event
  const { trigger, title, facts } = triggering
  const candidates = await files.at(repository, trigger.sha)
  const isDefault = trigger.ref === `refs/heads/${repository.defaultBranch}`
  if (isDefault) for (const file of candidates) store.workflowAt(repository, file.path).name = file.name
  const asked = await Promise.all(
    // GitHub shows a file that it cannot read as a failed run of every push, because it cannot know what it asks for.
    candidates.map(async file => isUnreadable(file, facts.event) || (await isTriggered(file, facts))),
  )
  return candidates.filter((_, index) => asked[index]).map(file => ({ repository, file, trigger, title }))
}

function isUnreadable(file: NewRun['file'], event: string): boolean {
  return event === 'push' && file.events.size === 0 && file.problems.length > 0
}
