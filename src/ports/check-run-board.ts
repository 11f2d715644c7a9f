import type { CommitSha } from '../domain/units.ts'

/** A button of a completed check run. */
export interface CheckRunButton {
  /** At most 20 characters. */
  readonly label: string
  /** At most 40 characters. */
  readonly description: string
  /** At most 20 characters; comes back when somebody presses it. */
  readonly identifier: string
}

/** What a check run shows. */
export interface ShownCheckRun {
  readonly commit: CommitSha
  readonly name: string
  /** By which it is found again; with the commit and the name, the key of the check run. */
  readonly externalId: string
  /** `action_required` while it waits for a person: GitHub shows buttons only once a check run has completed. */
  readonly state:
    | 'queued'
    | 'in_progress'
    | 'action_required'
    | 'success'
    | 'failure'
    | 'neutral'
    | 'cancelled'
    | 'skipped'
  readonly title: string
  /** Markdown. */
  readonly summary: string
  /** Markdown. What GitHub takes no more of is cut, with a link to {@link ShownCheckRun.url}. */
  readonly text?: string | undefined
  /** Where people read all of it. */
  readonly url?: string | undefined
  /** Three at most. */
  readonly buttons: readonly CheckRunButton[]
  /** The check run that showed it last, and whether that has completed; `none` was made yet; absent: it is looked for. */
  readonly known?: { readonly id: number; readonly isCompleted: boolean } | 'none' | undefined
}

/** Check runs of ours on commits. */
export interface CheckRunBoard {
  /**
   * Shows this, in the check run that is there or in a new one.
   *
   * @returns the check run's id
   * @throws {RangeError} when there are more buttons, or longer ones, than GitHub takes
   */
  show(run: ShownCheckRun): Promise<number>
}
