import { promises as dns, type LookupAddress, lookup as lookUp } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { type AddressReach, addressReach, literalReach } from '../http/address-reach.ts'
import { deniedFailure } from './registry-failure.ts'

/**
 * Decides where a registry may send us. One on the internet must not make us ask this machine or this network for it, and none may send us
 * to the metadata service of a cloud.
 */
export interface AddressPolicy {
  /**
   * Checks a URL that the registry named and gives back a lookup for the request to it, so that the address that was checked is the one
   * that is connected to.
   *
   * @throws {RegistryFailure} `store_denied`
   */
  admit(url: URL, where: string): Promise<LookupFunction>
}

/** @param registry - the URL that the operator gave, which is trusted */
export function createAddressPolicy(registry: URL): AddressPolicy {
  let ownReach: Promise<AddressReach> | undefined
  return {
    async admit(url, where) {
      if (url.protocol !== 'https:' && url.protocol !== registry.protocol) {
        throw refused(where, `${url.protocol}//${url.host}`, 'a connection without encryption')
      }
      ownReach ??= reachOfName(registry.hostname)
      const own = await ownReach
      const isAllowed = (reach: AddressReach): boolean =>
        reach === 'global' || (reach === 'private' && own === 'private')
      const literal = literalReach(url.hostname)
      if (literal !== undefined && !isAllowed(literal)) throw refused(where, url.host, words[literal])
      return guardedLookup(isAllowed, reach => refused(where, url.host, words[reach]))
    },
  }
}

const words: Readonly<Record<AddressReach, string>> = {
  global: 'a public address',
  private: 'an address of this machine or network',
  link_local: 'an address of this network segment, where clouds keep their metadata service',
}

function refused(where: string, target: string, what: string): Error {
  return deniedFailure(
    where,
    `was sent on to ${target}, ${what}`,
    'Do not use this registry until you know why it does that; a registry behind a proxy must be told its own https address.',
  )
}

/** A name counts as private as soon as one of its addresses is; an unknown one as global, which allows least. */
async function reachOfName(host: string): Promise<AddressReach> {
  const literal = literalReach(host)
  if (literal !== undefined) return literal === 'global' ? 'global' : 'private'
  const addresses = await dns.lookup(host, { all: true }).catch((): LookupAddress[] => [])
  return addresses.some(({ address }) => addressReach(address) !== 'global') ? 'private' : 'global'
}

function guardedLookup(
  isAllowed: (reach: AddressReach) => boolean,
  refusal: (reach: AddressReach) => Error,
): LookupFunction {
  return (host, options, done) => {
    lookUp(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '')
      const forbidden = addresses.map(({ address }) => addressReach(address)).find(reach => !isAllowed(reach))
      if (forbidden !== undefined) return done(refusal(forbidden), '')
      const first = addresses[0]
      if (options.all === true) return done(null, addresses)
      if (first === undefined) return done(new Error(`${host} has no address`), '')
      return done(null, first.address, first.family)
    })
  }
}
