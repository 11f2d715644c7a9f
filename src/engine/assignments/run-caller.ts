import type { Person } from '../../domain/promotion.ts'
import type { RepositoryKey } from '../../domain/ring-key.ts'

/** A workflow run that has proven who it is. */
export interface RunCaller extends RepositoryKey {
  readonly run: number
  readonly attempt: number
  /** Who started it. */
  readonly actor: Person
}
