import { type ErrorDetails, RingwayError } from '../../domain/ringway-error.ts'

/**
 * Whether asking again can help. `once`: it may have been an accident, or each attempt costs much time; `often`: as far as patience
 * goes.
 */
export type Retry = 'never' | 'once' | 'often'

/** One exchange with a registry that did not end well, and whether asking again can help. Known where it happens, so decided there. */
export class RegistryFailure extends Error {
  override readonly name = 'RegistryFailure'
  readonly details: ErrorDetails
  readonly retry: Retry
  /** Milliseconds that the registry asked to wait. */
  readonly afterMs: number | undefined

  constructor(details: ErrorDetails, retry: Retry, afterMs?: number) {
    super(details.message, { cause: details.cause })
    this.details = details
    this.retry = retry
    this.afterMs = afterMs
  }
}

/** The connection could not be made, or ended early. */
export function connectionFailure(where: string, cause: unknown): RegistryFailure {
  const words = cause instanceof Error ? cause.message || cause.name : String(cause)
  const host = where.split(' ')[1] ?? where
  return new RegistryFailure(
    {
      code: 'store_unreachable',
      message: `${where} was not answered: ${words}.`,
      remedy: `See that ${host} is the right registry, that it runs, and that this machine reaches it (DNS, firewall, proxy, certificate).`,
      kind: 'errored',
      cause,
    },
    isLasting(cause) ? 'never' : 'often',
  )
}

/** A name that does not exist and a certificate that is not trusted will be the same in a second. */
function isLasting(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return code === 'ENOTFOUND' || /^(CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code)
}

/** Nothing moved for too long. */
export function silenceFailure(where: string, silenceMs: number): RegistryFailure {
  return new RegistryFailure(
    {
      code: 'store_unreachable',
      message: `${where} made no progress for ${silenceMs} ms.`,
      remedy: 'See whether the registry is overloaded or a firewall swallows the connection, and try again.',
      kind: 'errored',
    },
    'once',
  )
}

/** An answer that cannot be understood or must not be believed. */
export function protocolFailure(where: string, words: string, retry: Retry = 'once'): RegistryFailure {
  return new RegistryFailure(
    {
      code: 'store_unreachable',
      message: `${where} ${words}.`,
      remedy: 'See that the location names an OCI registry (version 2 API) and that no proxy changes its answers.',
      kind: 'errored',
    },
    retry,
  )
}

/** The registry, or what it sent us to, may not be asked. */
export function deniedFailure(where: string, words: string, remedy: string): RegistryFailure {
  return new RegistryFailure({ code: 'store_denied', message: `${where} ${words}.`, remedy }, 'never')
}

/** What the caller of a store sees of a failure that was the last. */
export function asRingwayError(failure: unknown, location: string): unknown {
  if (!(failure instanceof RegistryFailure)) return failure
  return new RingwayError({ ...failure.details, facts: { ...failure.details.facts, location }, cause: failure })
}
