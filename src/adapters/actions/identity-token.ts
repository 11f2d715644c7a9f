import { setSecret } from '@actions/core'
import { RingwayError } from '../../domain/ringway-error.ts'

/** Milliseconds. */
const answerWithin = 10_000

/** The part of `fetch` that is used here. */
export type Ask = (
  url: string,
  request: { readonly headers: Record<string, string>; readonly signal: AbortSignal },
) => Promise<{ readonly status: number; text(): Promise<string> }>

/**
 * Asks GitHub for a token that proves which run this is. It is masked in the log. The toolkit's own function would put a second HTTP client
 * into the start of every run; what it asks is documented.
 *
 * Source: https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 *
 * @param audience - whom the token is for
 * @throws {RingwayError} `unauthenticated` when the job may not ask; `github_unreachable` when GitHub does not answer
 */
export async function requestIdentityToken(
  audience: string,
  job: { readonly environment: Readonly<Record<string, string | undefined>>; readonly ask: Ask },
): Promise<string> {
  const url = job.environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? ''
  const bearer = job.environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''
  if (url === '' || bearer === '') throw notPermitted()
  let status: number
  let text: string
  try {
    const response = await job.ask(`${url}&audience=${encodeURIComponent(audience)}`, {
      headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
      signal: AbortSignal.timeout(answerWithin),
    })
    status = response.status
    text = await response.text()
  } catch (error) {
    throw unanswered(error instanceof Error ? error.message : String(error))
  }
  if (status !== 200) throw unanswered(`it answered ${status}`)
  const token = valueIn(text)
  if (token === undefined) throw unanswered('its answer holds no token')
  setSecret(token)
  return token
}

function valueIn(text: string): string | undefined {
  try {
    const value: unknown = Reflect.get(Object(JSON.parse(text)), 'value')
    return typeof value === 'string' && value !== '' ? value : undefined
  } catch {
    return undefined
  }
}

function notPermitted(): RingwayError {
  return new RingwayError({
    code: 'unauthenticated',
    message: 'The job may not ask GitHub for an identity token, so the App cannot know which run this is.',
    remedy:
      'Give the job `permissions: id-token: write`, as the workflow in the README does. A pull request from a fork never gets it.',
  })
}

function unanswered(why: string): RingwayError {
  return new RingwayError({
    code: 'github_unreachable',
    kind: 'errored',
    message: `GitHub gave the job no identity token: ${why}`,
    remedy: 'Look at githubstatus.com, then re-run the job.',
  })
}
