import type { z } from 'zod'
import { type FieldError, validationFailed } from './api-error.ts'

/** Decodes a JSON body, or refuses with a 422 that names every field that does not fit. */
export function readBody<Body>(schema: z.ZodType<Body>, raw: unknown): Body {
  const result = schema.safeParse(raw ?? {})
  if (result.success) return result.data
  throw validationFailed(
    ...result.error.issues.map(
      (issue): FieldError => ({
        field: issue.path.join('.'),
        code: issue.code === 'invalid_type' && issue.message.includes('undefined') ? 'missing_field' : 'invalid',
        message: issue.message,
      }),
    ),
  )
}
