import { type AddressPolicy, createAddressPolicy } from './registry-address.ts'
import type { Answer } from './registry-answer.ts'
import { exchange, type OutgoingBytes } from './registry-exchange.ts'
import { protocolFailure } from './registry-failure.ts'
import { type Patience, withPatience } from './registry-patience.ts'
import { type Access, statusFailure } from './registry-status.ts'
import { type Authorizer, type Credentials, createAuthorizer, type TokenScope } from './token.ts'

/** One request to a repository of a registry. */
interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/v2/<name>/`, or a URL that the registry gave. */
  readonly target: string | URL
  readonly access: Access
  /** A further repository that is read. */
  readonly mountFrom?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: OutgoingBytes | undefined
  /** The statuses that the caller understands; any other is a failure. */
  readonly expect: readonly number[]
}

/** Asks for one thing. */
export type Ask = (request: RegistryRequest) => Promise<Answer>

/** Asks one repository of a registry: authenticated, sent on safely, failures classified. */
export interface RegistryClient {
  readonly patience: Patience
  /** Once. @throws {RegistryFailure} */
  readonly send: Ask
  /** Again and again, as far as the failure allows: for what has the same effect however often it is asked. @throws {RegistryFailure} */
  readonly ask: Ask
  /** A `Location` or `Link` of an answer as a full URL. */
  resolve(reference: string): URL
}

const mostRedirects = 5

/** What all requests to a repository share. */
interface Connection {
  /** The registry's root, without path. */
  readonly base: URL
  readonly name: string
  readonly silenceMs: number
  readonly policy: AddressPolicy
  readonly authorizer: Authorizer
}

/** @param registry.base - the registry's root, without path */
export function createRegistryClient(registry: {
  readonly base: URL
  readonly name: string
  readonly credentials: Credentials | undefined
  readonly patience: Patience
}): RegistryClient {
  const { base, name, credentials, patience } = registry
  const { silenceMs } = patience
  const policy = createAddressPolicy(base)
  const authorizer = createAuthorizer({ credentials, policy, silenceMs })
  const connection = { base, name, silenceMs, policy, authorizer }
  const send = async (request: RegistryRequest): Promise<Answer> => {
    const answer = await follow(connection, request)
    if (request.expect.includes(answer.status)) return answer
    throw await statusFailure(answer, request.access)
  }
  return {
    patience,
    send,
    ask: request => withPatience(patience, () => send(request)),
    resolve: reference => resolveUrl(reference, base),
  }
}

async function follow(connection: Connection, request: RegistryRequest): Promise<Answer> {
  const { base, name } = connection
  let url = typeof request.target === 'string' ? new URL(`/v2/${name}/${request.target}`, base) : request.target
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    // Our credentials are for this registry: scheme, host and port. Whoever else it names gets none.
    const isOwn = url.origin === base.origin
    const answer = isOwn ? await askRegistry(connection, request, url) : await askOther(connection, request, url)
    const location = redirectOf(request, answer)
    if (location === undefined) return answer
    await answer.discard()
    url = resolveUrl(location, url)
  }
  throw protocolFailure(`${request.method} ${base.host}`, `was sent on more than ${mostRedirects} times`, 'never')
}

async function askOther(connection: Connection, request: RegistryRequest, url: URL): Promise<Answer> {
  const { policy, base, silenceMs } = connection
  const { method, body, headers } = request
  const lookup = await policy.admit(url, `${method} ${base.host}`)
  return exchange({ method, url, body, silenceMs, lookup, headers: { ...agent, ...headers } })
}

/** Asks once, and once more when the registry wants other credentials than it was shown. */
async function askRegistry(connection: Connection, request: RegistryRequest, url: URL): Promise<Answer> {
  const { authorizer, name, silenceMs } = connection
  const { method, body, headers } = request
  const ask = async (authorization: string | undefined): Promise<Answer> => {
    const authorized = authorization === undefined ? {} : { authorization }
    return exchange({ method, url, body, silenceMs, headers: { ...agent, ...headers, ...authorized } })
  }
  const scope = scopeOf(name, request)
  const header = await authorizer.header(scope)
  const answer = await ask(header)
  if (answer.status !== 401) return answer
  await answer.discard()
  await authorizer.renew(scope, { header, challenge: answer.header('www-authenticate') })
  return ask(await authorizer.header(scope))
}

const agent = { 'user-agent': 'ringway' }

function scopeOf(name: string, request: RegistryRequest): TokenScope {
  const actions = request.access === 'push' ? 'pull,push' : 'pull'
  const mounted = request.mountFrom === undefined ? [] : [`repository:${request.mountFrom}:pull`]
  return { access: request.access, scopes: [`repository:${name}:${actions}`, ...mounted] }
}

/** Only reading is sent on; an upload that were sent elsewhere would carry the artifact to somebody unknown. */
function redirectOf(request: RegistryRequest, answer: Answer): string | undefined {
  const isRedirect = [301, 302, 303, 307, 308].includes(answer.status)
  const isReading = request.method === 'GET' || request.method === 'HEAD'
  return isRedirect && isReading ? answer.header('location') : undefined
}

function resolveUrl(reference: string, base: URL): URL {
  if (!URL.canParse(reference, base.href))
    throw protocolFailure(base.host, `names "${reference.slice(0, 80)}" as a URL`, 'never')
  return new URL(reference, base.href)
}
