import type { EpochMs } from '../domain/units.ts'
import type { Account } from './deployments.ts'

/** A comment on an issue or a pull request. */
export interface Comment {
  readonly id: number
  /** The number of the issue or pull request. */
  readonly issue: number
  readonly author: Account | undefined
  /** The id of the App that wrote it. */
  readonly app: number | undefined
  readonly body: string
  readonly createdAt: EpochMs
  readonly updatedAt: EpochMs
  /** Whether it was changed after its first second; an edit within that second shows only in the body. */
  readonly isEdited: boolean
}

/** The one comment that shows how something stands. */
export interface StickyComment {
  /** The number of the issue or pull request. */
  readonly issue: number
  /** What it is about, such as `promotions`: by this it is found again. Letters, digits, `/`, `.`, `_` and single `-`. */
  readonly key: string
  /** Markdown. */
  readonly body: string
  /** The id that an earlier call gave: it is edited without being read; absent: it is looked for. */
  readonly known?: number | undefined
}

/** How a comment was taken. */
export type Reaction = '+1' | '-1' | 'laugh' | 'confused' | 'heart' | 'hooray' | 'rocket' | 'eyes'

/** What is said on issues and pull requests. */
export interface Conversation {
  /** `gone`: the comment was deleted. */
  react(comment: number, reaction: Reaction): Promise<'reacted' | 'gone'>

  /**
   * Shows this in the sticky comment, which is edited where it stands; a comment of anybody else is never taken for it.
   *
   * @returns the comment's id
   */
  show(comment: StickyComment): Promise<number>

  /** @returns undefined when it was deleted */
  read(comment: number): Promise<Comment | undefined>

  /** The comments of the repository that were written or edited at or after an instant, oldest change first. */
  since(instant: EpochMs): AsyncIterable<Comment>
}
