import { RingwayError } from '../../domain/ringway-error.ts'

/** Where the App is. */
export interface AppAddress {
  /** Without a slash at its end; paths of the protocol are put behind it. */
  readonly base: string
  /** What identity tokens for it are asked for: its origin. */
  readonly audience: string
}

const loopback = /^(?:localhost|127(?:\.[0-9]+){3}|\[::1\])$/

/**
 * Reads the input `app-url`.
 *
 * @throws {RingwayError} `input_invalid` unless it is an https address; http may lead to this machine only, for identity tokens travel there
 */
export function readAppAddress(text: string): AppAddress {
  if (!URL.canParse(text)) throw invalid(text)
  const url = new URL(text)
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname))
  if (!isSafe || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw invalid(text)
  return { base: url.href.replace(/\/+$/, ''), audience: url.origin }
}

function invalid(text: string): RingwayError {
  // What stands before an @ is a secret, and this is shown to everybody.
  const came = text.replace(/\/\/[^/]*@/, '//***@')
  return new RingwayError({
    code: 'input_invalid',
    message: `The input \`app-url\` is ${JSON.stringify(came.slice(0, 100))}; expected is an https:// address without user, query or fragment.`,
    remedy: 'Set the variable `RINGWAY_URL` of the repository or the organisation to the address of the App.',
    facts: { input: 'app-url' },
  })
}
