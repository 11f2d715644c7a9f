import type { JsonSchema } from '../manifest.ts'
import type { Narrowing } from './narrowing.ts'

/** Two schemas while they are compared. */
export interface SchemaComparison {
  /** Why a value that `before` takes may be refused by `after`; empty: none ever is. */
  narrowings(before: JsonSchema, after: JsonSchema): readonly Narrowing[]
  /** The other way round: why a value that `after` takes may be refused by `before`. */
  widenings(before: JsonSchema, after: JsonSchema): readonly Narrowing[]
}
