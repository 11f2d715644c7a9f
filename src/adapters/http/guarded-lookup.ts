import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { type AddressReach, addressReach, literalReach } from './address-reach.ts'

/** Which addresses may be connected to. What only this network segment reaches never may: there clouds hand out credentials. */
export type AllowedReach = 'global' | 'global_and_private'

/** An address, or a name that leads to one, that may not be connected to. */
class AddressRefused extends Error {
  override readonly name = 'AddressRefused'

  constructor(host: string, reach: AddressReach) {
    super(`${host} leads to ${reach === 'private' ? 'a private network' : 'a link-local address'}`)
  }
}

/** @throws {AddressRefused} when `host` spells an address that may not be connected to; a name is judged when it is looked up */
export function expectAllowedHost(host: string, allowed: AllowedReach): void {
  const reach = literalReach(host)
  if (reach !== undefined && !isAllowed(reach, allowed)) throw new AddressRefused(host, reach)
}

/** Looks names up for a connection. The very addresses that are judged are connected to: a second look-up could give others. */
export function guardedLookup(allowed: AllowedReach): LookupFunction {
  return (host, options, done) => {
    const asked: LookupOptions & { all: true } = { ...options, all: true }
    lookup(host, asked, (error, addresses) => {
      if (error !== null) return done(error, '')
      const fit = addresses.filter(({ address }) => isAllowed(addressReach(address), allowed))
      const [first] = fit
      if (first === undefined) return done(new AddressRefused(host, reachOfAll(addresses)), '')
      if (options.all === true) done(null, fit)
      else done(null, first.address, first.family)
    })
  }
}

function isAllowed(reach: AddressReach, allowed: AllowedReach): boolean {
  return reach === 'global' || (reach === 'private' && allowed === 'global_and_private')
}

function reachOfAll(addresses: readonly LookupAddress[]): AddressReach {
  return addresses.some(({ address }) => addressReach(address) === 'link_local') ? 'link_local' : 'private'
}
