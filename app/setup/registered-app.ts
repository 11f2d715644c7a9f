import * as z from 'zod'
import { RingwayError } from '../../src/domain/ringway-error.ts'
import { readPrivateKey } from '../env/private-key.ts'

const conversion = z.object({
  id: z.int().positive(),
  name: z.string(),
  html_url: z.url({ protocol: /^https?$/ }),
  webhook_secret: z.string().min(32),
  pem: z.string().transform((pem, context) => {
    const key = readPrivateKey(pem)
    if (key !== undefined) return key
    context.addIssue('is no RSA private key')
    return z.NEVER
  }),
})

/** An App as GitHub has just registered it. */
export interface RegisteredApp {
  readonly id: number
  readonly name: string
  /** Its page on GitHub. */
  readonly page: string
  readonly webhookSecret: string
  /** PEM, PKCS #8. */
  readonly privateKey: string
}

/** Milliseconds. */
const patience = 15_000

/**
 * Fetches what GitHub tells of a new App once, and never again: its private key and its webhook secret.
 *
 * @param code - as it came; GitHub takes it for an hour
 * @throws {RingwayError} `registration_refused`, `github_unreachable`
 */
export async function fetchRegisteredApp(apiUrl: string, code: string): Promise<RegisteredApp> {
  const answer = await ask(`${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`)
  if (answer.status !== 201) {
    if (answer.status >= 500 || answer.status === 429) throw unreachable(`GitHub answered ${answer.status}.`)
    throw refused(`GitHub answered ${answer.status} to the code that came with you.`)
  }
  const read = conversion.safeParse(await answer.json())
  if (!read.success) throw refused(`GitHub told of the App in another form: ${z.prettifyError(read.error)}`)
  const { id, name, html_url: page, webhook_secret: webhookSecret, pem: privateKey } = read.data
  return { id, name, page, webhookSecret, privateKey }
}

async function ask(url: string): Promise<Response> {
  try {
    const headers = { accept: 'application/vnd.github+json', 'user-agent': 'ringway' }
    return await fetch(url, { method: 'POST', headers, redirect: 'error', signal: AbortSignal.timeout(patience) })
  } catch {
    throw unreachable('GitHub did not answer.')
  }
}

function refused(message: string): RingwayError {
  return new RingwayError({ code: 'registration_refused', message, remedy: startAgain })
}

const startAgain =
  'Start again. If GitHub has registered an App already, delete it there: its private key is told only once.'

function unreachable(message: string): RingwayError {
  const remedy = 'Open this address again in a minute; after an hour, start again.'
  return new RingwayError({ code: 'github_unreachable', kind: 'errored', message, remedy })
}
