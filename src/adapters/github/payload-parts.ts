import * as z from 'zod'
import { commitSha, epochMs } from '../../domain/units.ts'

/** Decoders of what stands in many of GitHub's answers and webhooks. */

export const sha = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
  .transform(commitSha)

export const instant = z.iso.datetime({ offset: true }).transform(text => epochMs(Date.parse(text)))

export const account = z
  .object({ login: z.string(), id: z.number(), type: z.enum(['User', 'Bot', 'Organization', 'Mannequin']) })
  .nullish()
  .transform(value => value ?? undefined)
