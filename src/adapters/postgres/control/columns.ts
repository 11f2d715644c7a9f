import * as z from 'zod'
import { isReasonCode, type ReasonCode } from '../../../domain/reason-code.ts'
import { type EpochMs, epochMs, isCommitSha, isSha256Digest } from '../../../domain/units.ts'

/**
 * Checked decoders of columns. A record may have been written by an earlier version of Ringway, or by a later one while replicas are being replaced:
 *
 * - what only tells people is read as far as it is understood: a reason that is unknown is `internal_error`, its words beside it stay; an unknown
 *   verdict or check is left out of its list; a promotion that came in an unknown way came by the API;
 * - what decides is not guessed: an unknown state, effect or manifest ends the reading with `database_incompatible`.
 */

/** A `bigint` or `integer`. */
export const whole = z.int()

/** A `timestamptz`; the domain knows no microseconds. */
export const instant = z.date().transform(date => epochMs(date.getTime()))

/** A full digest. */
export const digest = z.string().refine(isSha256Digest, 'expected sha256: and 64 hexadecimal digits')

/** A full commit id. */
export const commit = z.string().refine(isCommitSha, 'expected 40 or 64 hexadecimal digits')

/** Why something ended. */
export const reason = z.string().transform((text): ReasonCode => (isReasonCode(text) ? text : 'internal_error'))

/** Environment variables and feature flags. */
export const configLayer = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

/** NULL is absent. */
export function absent<Shape extends z.ZodType>(shape: Shape): z.ZodType<z.output<Shape> | undefined> {
  return shape.nullable().transform(value => value ?? undefined)
}

/** The items of a list that are understood. */
export function understood<Shape extends z.ZodType>(shape: Shape): z.ZodType<readonly z.output<Shape>[]> {
  return z.array(z.unknown()).transform(items =>
    items.flatMap(item => {
      const read = shape.safeParse(item)
      return read.success ? [read.data] : []
    }),
  )
}

/** Milliseconds since the epoch within JSON. */
export const jsonInstant = z.number().transform(epochMs)

/** An instant as the parameter of a `timestamptz`. */
export function dateOf(at: EpochMs | undefined): Date | null {
  return at === undefined ? null : new Date(at)
}
