import * as z from 'zod'
import { readAppAddress } from '../../adapters/control-plane/app-address.ts'
import { AppFailure } from '../../adapters/control-plane/app-failure.ts'
import { readAppAnswer } from '../../adapters/control-plane/read-app-answer.ts'
import { RingwayError } from '../../domain/ringway-error.ts'
import { findToken } from '../doctor/github-access.ts'
import type { Origin } from '../origin.ts'
import { findRepository } from '../repository-here.ts'

/** The App, asked about the repository that the command is typed in. */
export interface AppHere {
  /**
   * Asks below the repository's own path: `GET /solutions`.
   *
   * @throws {RingwayError} the App's refusal, `app_unreachable`
   */
  ask<Shape extends z.ZodType>(shape: Shape, route: string, body?: unknown): Promise<z.output<Shape>>
}

type Environment = Readonly<Record<string, string | undefined>>

/** Milliseconds for one answer: a person waits, and can ask again. */
const patienceMs = 20_000

/** @throws {RingwayError} `input_invalid` without an address, a repository on GitHub or a token */
export function findApp(environment: Environment): AppHere {
  const base = addressIn(environment)
  const { origin } = findRepository()
  if (origin === undefined) {
    throw missing('The repository has no remote `origin` on GitHub.', 'Add it: `git remote add origin <url>`.')
  }
  const token = findToken(origin, environment)
  if (token === undefined) {
    throw missing(
      `No token for ${origin.host} was found.`,
      `Type \`gh auth login --hostname ${origin.host}\`, or set GITHUB_TOKEN.`,
    )
  }
  return {
    async ask(shape, route, body) {
      const answer = shape.safeParse(await send({ base, origin, token }, route, body))
      if (answer.success) return answer.data
      throw unreachable(base, 'it answered otherwise than this version expects')
    },
  }
}

function addressIn(environment: Environment): string {
  const text = environment['RINGWAY_URL'] ?? ''
  if (text === '') {
    throw missing(
      'RINGWAY_URL is not set, so it is not known which App to ask.',
      'Set it to the address of the App: `export RINGWAY_URL=https://ringway.example`. Without an App, run the workflow: `gh workflow run ringway.yml`.',
    )
  }
  try {
    return readAppAddress(text).base
  } catch (error) {
    if (!(error instanceof RingwayError)) throw error
    throw missing('RINGWAY_URL is no https:// address.', 'Set it to the address of the App.')
  }
}

interface Way {
  readonly base: string
  readonly origin: Origin
  readonly token: string
}

async function send({ base, origin: { owner, name }, token }: Way, route: string, body: unknown): Promise<unknown> {
  const [method = 'GET', path = ''] = route.split(' ')
  const repository = `/v1/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`
  try {
    const answer = await fetch(base + (path.startsWith('/v1/') ? path : repository + path), {
      method,
      headers: {
        accept: 'application/json, application/problem+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'ringway-cli',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    })
    return readAppAnswer({ status: answer.status, retryAfter: null, text: await answer.text() })
  } catch (error) {
    if (error instanceof RingwayError) throw error
    throw unreachable(base, error instanceof AppFailure ? error.message : 'it did not answer')
  }
}

function missing(message: string, remedy: string): RingwayError {
  return new RingwayError({ code: 'input_invalid', message, remedy })
}

function unreachable(base: string, why: string): RingwayError {
  return new RingwayError({
    code: 'app_unreachable',
    kind: 'errored',
    message: `The App at ${base} could not be asked: ${why}.`,
    remedy: `See that it runs, and that this machine reaches it: \`curl -i ${base}/readyz\`.`,
  })
}
