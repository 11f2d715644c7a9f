import type * as z from 'zod'
import { HttpRefusal } from '../http/http-refusal.ts'

/** One thing that is wrong with a request. */
export interface RequestProblem {
  /** `body.ring`, `query.limit` */
  readonly where: string
  readonly words: string
}

/** The refusal of a request that does not fit the API's description, with everything that is wrong with it. */
export function invalidRequest(problems: readonly RequestProblem[]): HttpRefusal {
  const [first, ...rest] = problems.map(({ where, words }) => `${where}: ${words}`)
  const more = rest.length === 0 ? '' : `, and ${rest.length} more`
  return new HttpRefusal({
    status: 400,
    code: 'request_invalid',
    message: `The request does not fit: ${first ?? 'it cannot be read'}${more}.`,
    remedy: 'Compare it with the description of the API at /v1/openapi.json.',
    members: { problems },
  })
}

interface Schemas<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params: P
  readonly query: Q
  readonly body: B
}

/**
 * Reads what came with a request, all of it, so that everything wrong is said at once.
 *
 * @throws {HttpRefusal} `request_invalid`
 */
export function readInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  schemas: Schemas<P, Q, B>,
  given: { readonly params: unknown; readonly query: unknown; readonly body: unknown },
): { readonly params: z.output<P>; readonly query: z.output<Q>; readonly body: z.output<B> } {
  const params = schemas.params.safeParse(given.params)
  const query = schemas.query.safeParse(given.query)
  const body = schemas.body.safeParse(given.body)
  if (params.success && query.success && body.success) {
    return { params: params.data, query: query.data, body: body.data }
  }
  throw invalidRequest([
    ...problemsIn('params', params.error),
    ...problemsIn('query', query.error),
    ...problemsIn('body', body.error),
  ])
}

/** Zod's words say what was expected and of what kind it is that came; they never show a value. */
function problemsIn(part: string, error: z.ZodError | undefined): RequestProblem[] {
  return (error?.issues ?? []).map(({ path, message }) => ({
    where: [part, ...path.map(String)].join('.'),
    words: message,
  }))
}
