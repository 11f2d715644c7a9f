import { reasonCodes } from '../../src/domain/reason-code.ts'
import { type ErrorDetails, RingwayError } from '../../src/domain/ringway-error.ts'

/** What a refused request is told. */
export interface RefusalDetails extends ErrorDetails {
  /** HTTP status, 400 to 599. */
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Further members of the document. */
  readonly members?: Readonly<Record<string, unknown>>
}

/** Thrown by a route that knows with which status a request is to be refused. */
export class HttpRefusal extends RingwayError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly members: Readonly<Record<string, unknown>>

  constructor(details: RefusalDetails) {
    super(details)
    this.status = details.status
    this.headers = details.headers ?? {}
    this.members = details.members ?? {}
  }
}

/**
 * What whoever asked is told of an error. Of one that nobody foresaw they are told where to find it and nothing else: its words may hold
 * anything.
 */
export function refusalOf(error: unknown): HttpRefusal {
  if (error instanceof HttpRefusal) return error
  if (error instanceof RingwayError) {
    const { code, message, remedy, kind } = error
    return new HttpRefusal({ status: kind === 'errored' ? 503 : 409, code, message, remedy, kind })
  }
  const status = frameworkStatus(error)
  if (status === undefined || !(error instanceof Error)) return unforeseen()
  const code = status === 404 ? 'not_found' : 'request_invalid'
  const message = `${error.message.replace(/[.]$/, '')}.`
  return new HttpRefusal({ status, code, message, remedy: remedies[status] ?? 'Correct the request.' })
}

/** The document that says so, `application/problem+json`. Source: RFC 9457; what is not in it is ours. */
export function problemDocument(refusal: HttpRefusal, requestId: string): string {
  const { status, code, message, remedy, members } = refusal
  return JSON.stringify({
    type: `urn:ringway:reason:${code}`,
    title: reasonCodes[code],
    status,
    detail: message,
    code,
    remedy,
    request_id: requestId,
    ...members,
  })
}

/** Fastify and its parsers say by `statusCode` what they refuse. */
function frameworkStatus(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined
}

const remedies: Readonly<Record<number, string>> = {
  413: 'Send less.',
  415: 'Send application/json without compression.',
}

function unforeseen(): HttpRefusal {
  return new HttpRefusal({
    status: 500,
    code: 'internal_error',
    kind: 'errored',
    message: 'Ringway could not answer the request.',
    remedy: 'Look for the id of this request in the log of the App, and report what stands there.',
  })
}
