import { HttpRefusal } from '../http/http-refusal.ts'
import { objectionToJson } from './json-limits.ts'

/** What of a payload stands beside it in the inbox. */
export interface PayloadFacts {
  readonly action: string | undefined
  readonly tenant: number | undefined
  readonly repository: number | undefined
}

/**
 * Reads what is needed to store a delivery. Nothing here is believed: which repository belongs to which installation is looked up when
 * the delivery is handled.
 *
 * @throws {HttpRefusal} 400 when the text is no JSON object, or one that is dangerous to parse
 */
export function readPayload(text: string): PayloadFacts {
  const objection = objectionToJson(text)
  if (objection !== undefined) throw unreadable(objection)
  const payload = parse(text)
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) throw unreadable('it is no object')
  const action = 'action' in payload ? payload.action : undefined
  return {
    // PostgreSQL keeps every character but one.
    action: typeof action === 'string' && !action.includes('\0') ? action : undefined,
    tenant: 'installation' in payload ? idIn(payload.installation) : undefined,
    repository: 'repository' in payload ? idIn(payload.repository) : undefined,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unreadable('it is no JSON')
  }
}

function idIn(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined
  return typeof value.id === 'number' && Number.isSafeInteger(value.id) ? value.id : undefined
}

function unreadable(why: string): HttpRefusal {
  return new HttpRefusal({
    status: 400,
    code: 'request_invalid',
    message: `The payload cannot be read: ${why}.`,
    remedy: "Set the content type to application/json on the App's page; GitHub sends no such payload otherwise.",
  })
}
