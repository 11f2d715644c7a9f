import { resolve } from 'node:path'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { BlobStore } from '../../ports/blob-store.ts'
import { literalReach } from '../http/address-reach.ts'
import { createLayout } from './layout.ts'
import { createRegistry } from './registry.ts'
import type { Patience } from './registry-patience.ts'
import type { Credentials } from './token.ts'

/** Where a store is, as people write it, taken apart. */
export type StoreReference =
  | { readonly kind: 'registry'; readonly host: string; readonly name: string }
  | { readonly kind: 'layout'; readonly path: string }

/** A store and how to use it. */
export interface StoreOptions {
  /** `oci://host[:port]/name` or `oci-layout:path`. */
  readonly location: string
  /** For a registry; absent: anonymous. */
  readonly credentials?: Credentials | undefined
  /**
   * Whether the registry is spoken to without encryption.
   * @default true on this machine (localhost, 127.0.0.1, [::1]), false elsewhere
   */
  readonly http?: boolean | undefined
  /** Repositories of the same registry from which a blob may be taken instead of being uploaded. */
  readonly mountFrom?: readonly string[] | undefined
  readonly patience?: Patience | undefined
}

/**
 * Opens a store without asking it anything yet.
 *
 * @throws {RingwayError} `input_invalid` when the location is none
 *
 * @example
 * openBlobStore({ location: 'oci://ghcr.io/acme/shop', credentials: { username: 'octocat', password: token } })
 */
export function openBlobStore(options: StoreOptions): BlobStore {
  const { location, credentials, mountFrom, patience } = options
  const reference = parseStoreReference(location)
  if (reference.kind === 'layout') return createLayout({ directory: resolve(reference.path), location })
  const { host, name } = reference
  const isPlain = options.http ?? isThisMachine(host)
  const base = new URL(`${isPlain ? 'http' : 'https'}://${apiHosts.get(host) ?? host}`)
  return createRegistry({ location, base, name, credentials, mountFrom, patience })
}

/** Registries whose API does not answer under the name that people use. */
const apiHosts = new Map([
  ['docker.io', 'registry-1.docker.io'],
  ['index.docker.io', 'registry-1.docker.io'],
])

/** Source: OCI distribution specification 1.1, "Pulling manifests": the grammar of a name. */
const nameGrammar = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const mostNameCharacters = 255

/** @throws {RingwayError} `input_invalid` saying what to write instead */
export function parseStoreReference(location: string): StoreReference {
  if (location.startsWith('oci-layout:')) {
    const path = location.slice('oci-layout:'.length)
    if (path === '' || path.includes('\0'))
      throw invalid(location, 'Write the directory after it: oci-layout:./artifacts.')
    return { kind: 'layout', path }
  }
  const [, host, name] = /^oci:\/\/([^/]+)\/(.+)$/.exec(location) ?? []
  if (host === undefined || name === undefined) {
    throw invalid(location, 'Write oci://host/name for a registry, or oci-layout:path for a directory.')
  }
  if (!isHost(host))
    throw invalid(
      location,
      'Write the registry as host or host:port, without a user: credentials are inputs of their own.',
    )
  if (nameGrammar.test(name) && name.length <= mostNameCharacters) return { kind: 'registry', host, name }
  const lower = name.toLowerCase()
  throw invalid(
    location,
    nameGrammar.test(lower) && lower.length <= mostNameCharacters
      ? `Registries know lower case only; write oci://${host}/${lower}.`
      : 'Write the name with lower-case letters, digits, single separators (. _ -) and slashes, without a tag or digest.',
  )
}

function isHost(host: string): boolean {
  if (!/^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host)) return false
  return URL.canParse(`https://${host}/`)
}

function isThisMachine(host: string): boolean {
  const { hostname } = new URL(`http://${host}/`)
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    (hostname.startsWith('127.') && literalReach(hostname) === 'private')
  )
}

function invalid(location: string, remedy: string): RingwayError {
  const shown = location.replace(/\/\/[^/@]*@/, '//***@').slice(0, 200)
  return new RingwayError({
    code: 'input_invalid',
    message: `A store is oci://host[:port]/name or oci-layout:path, not "${shown}".`,
    remedy,
  })
}
