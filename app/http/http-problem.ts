import { STATUS_CODES } from 'node:http'
import type { ReasonCode } from '../../src/domain/reason-code.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'

/** What a refused request is told, as `application/problem+json`. Source: RFC 9457; `remedy` and `code` are ours. */
export interface Problem {
  /** HTTP status, 400 to 599. */
  readonly status: number
  /** What was expected and what came, as one sentence. */
  readonly detail: string
  /** What to do now, as one sentence in the imperative. */
  readonly remedy: string
  readonly code?: ReasonCode | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Further members of the document. */
  readonly members?: Readonly<Record<string, unknown>> | undefined
}

/** Thrown by a route to refuse a request. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** The problem that an error of a route is for whoever asked; undefined when it is none that we foresee. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof HttpProblem) return error.problem
  if (error instanceof RingwayError) {
    const { code, message, remedy, kind } = error
    return { status: statuses[code] ?? (kind === 'errored' ? 503 : 422), code, detail: message, remedy }
  }
  const status = statusOf(error)
  return status === undefined || !(error instanceof Error) ? undefined : frameworkProblem(status, error.message)
}

/** The document that describes a problem. */
export function problemDocument({ status, detail, remedy, code, members }: Problem): string {
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail, remedy, code, ...members })
}

/** Where the kind of an error does not say the status. */
const statuses: Readonly<Partial<Record<ReasonCode, number>>> = {
  unauthenticated: 401,
  not_permitted: 403,
  unauthorised_run: 403,
  not_found: 404,
  request_invalid: 400,
  input_invalid: 400,
  token_replayed: 409,
  request_in_progress: 409,
  internal_error: 500,
}

/** Fastify and its parsers say by `statusCode` what they refuse. */
function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}

function frameworkProblem(status: number, message: string): Problem {
  const remedies: Readonly<Record<number, string>> = {
    413: 'Send less.',
    415: 'Send application/json without compression.',
  }
  const code = status === 404 ? 'not_found' : 'request_invalid'
  return { status, code, detail: message, remedy: remedies[status] ?? 'Correct the request.' }
}
