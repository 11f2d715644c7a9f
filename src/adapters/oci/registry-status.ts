import { z } from 'zod'
import type { Answer } from './registry-answer.ts'
import { deniedFailure, RegistryFailure } from './registry-failure.ts'

/** What a request needs to be allowed. */
export type Access = 'pull' | 'push'

/** Bytes of an error's body that are read, and characters of it that are shown. */
const readLimit = 16 * 1024
const shownLimit = 300

const body = z.object({
  errors: z.array(z.object({ code: z.string().default(''), message: z.string().nullish() })).min(1),
})

/** What a registry said beside a status that is no success. Source: OCI distribution specification 1.1, "Error codes". */
export interface Complaint {
  readonly codes: readonly string[]
  /** Status and words for people, one line. */
  readonly words: string
}

/** Reads the body of an answer that is no success. */
export async function readComplaint(answer: Answer): Promise<Complaint> {
  const text = await answer.bytes(readLimit).then(
    bytes => (bytes === undefined ? '' : new TextDecoder().decode(bytes)),
    () => '',
  )
  const { codes, words } = parseComplaint(text)
  return { codes, words: words === '' ? `answered ${answer.status}` : `answered ${answer.status} (${words})` }
}

function parseComplaint(text: string): Complaint {
  try {
    const { errors } = body.parse(JSON.parse(text))
    const codes = errors.map(error => error.code)
    return { codes, words: oneLine(errors.map(({ code, message }) => `${code} ${message ?? ''}`.trim()).join('; ')) }
  } catch {
    return { codes: [], words: oneLine(text) }
  }
}

/** The text comes from outside: no control characters reach a terminal or a log. */
function oneLine(text: string): string {
  const shown = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return shown.length > shownLimit ? `${shown.slice(0, shownLimit)}…` : shown
}

/** The failure that an unexpected status means. */
export async function statusFailure(answer: Answer, access: Access): Promise<RegistryFailure> {
  const { words } = await readComplaint(answer)
  const { status, where } = answer
  if (status === 401 || status === 403) return deniedFailure(where, words, deniedRemedy(access))
  const isPassing = status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501)
  return new RegistryFailure(
    {
      code: 'store_unreachable',
      message: `${where} ${words}.`,
      remedy: isPassing
        ? 'Try again later; if it goes on, look at the registry’s own status and log.'
        : 'See that the location names a repository of an OCI registry, and look at the registry’s own log.',
      kind: 'errored',
      facts: { status },
    },
    isPassing ? 'often' : 'never',
    retryAfterMs(answer.header('retry-after')),
  )
}

/** What to check when a registry says no. */
export function deniedRemedy(access: Access): string {
  return access === 'push'
    ? 'Give the credentials the right to push: `packages: write` for the job token of GitHub, the package linked to this repository; elsewhere log in as a user that may write there, and create the repository if the registry does not do so.'
    : 'Give the credentials the right to pull: `packages: read` for the job token of GitHub, the package linked to this repository; elsewhere log in as a user that may read there.'
}

/** Source: RFC 9110 §10.2.3: seconds, or a date. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  if (/^\d+$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now())
}
