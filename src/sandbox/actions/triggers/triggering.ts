import type { RunTrigger } from '../runs/workflow-run.ts'
import type { TriggerFacts } from '../workflow/trigger-match.ts'

/** How an event starts runs: what `on:` is asked, which commit's workflow files are read, what a run is given. */
export interface Triggering {
  readonly facts: TriggerFacts
  readonly trigger: RunTrigger
  readonly title: string
}
