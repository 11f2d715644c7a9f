import type { WorkflowFile } from './workflow-file.ts'

/** The events that start runs in the sandbox. */
export const HEARD_EVENTS: ReadonlySet<string> = new Set([
  'push',
  'pull_request',
  'workflow_dispatch',
  'repository_dispatch',
  'deployment',
  'deployment_status',
  'issue_comment',
  'issues',
  'check_run',
  'check_suite',
  'release',
  'status',
])

/** Words about events in `on:` that never start a run here, so that nobody waits for one. */
export function unheardEvents(file: WorkflowFile): readonly string[] {
  return [...file.events.keys()]
    .filter(event => !HEARD_EVENTS.has(event))
    .map(event => `The sandbox starts no runs for \`on: ${event}\` of ${file.path}.`)
}
