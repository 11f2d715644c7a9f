import type { ReasonCode } from '../../src/domain/reason-code.ts'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import { HttpRefusal } from '../http/http-refusal.ts'

/** What is not listed is what the server says of it: 503 for what could not be asked, 409 for a no. */
const statuses: Partial<Record<ReasonCode, number>> = {
  input_invalid: 400,
  unauthenticated: 401,
  not_permitted: 403,
  unauthorised_run: 403,
  not_found: 404,
  unknown_solution: 404,
  unknown_ring: 404,
  unknown_version: 404,
  unknown_promotion: 404,
  artifact_not_found: 404,
  idempotency_key_reused: 422,
  internal_error: 500,
}

/** An error with the status that the API gives for its code. */
export function withStatus(error: unknown): unknown {
  if (!(error instanceof RingwayError) || error instanceof HttpRefusal || error.kind === 'errored') return error
  const { code, message, remedy } = error
  const status = statuses[code]
  if (status === undefined) return error
  // Every 401 says how to do better. Source: RFC 9110, section 15.5.2
  const headers = status === 401 ? { 'www-authenticate': 'Bearer realm="ringway"' } : {}
  return new HttpRefusal({ status, code, message, remedy, headers, cause: error })
}
