import type { ReasonCode } from '../reason-code.ts'

/** A command that is not done: why, and what the person should do. */
export interface Refused {
  readonly kind: 'refused'
  readonly code: ReasonCode
  /** What was expected and what came. */
  readonly message: string
  readonly remedy: string
}
