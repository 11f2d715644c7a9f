import ipaddr from 'ipaddr.js'

/**
 * Who can be behind an address: everybody (`global`), this machine's or this company's network (`private`), or only this network segment,
 * where clouds keep the metadata service that hands out credentials (`link_local`).
 */
export type AddressReach = 'global' | 'private' | 'link_local'

/**
 * Classifies an IP address. IPv4 inside IPv6 (mapped, NAT64, 6to4) counts as the IPv4 address that it leads to; what is reserved or
 * unknown counts as `private`. Source: the IANA special-purpose address registries.
 *
 * @throws {RangeError} when `address` is no IP address
 */
export function addressReach(address: string): AddressReach {
  if (!ipaddr.isValid(address)) throw new RangeError(`An IP address was expected, not "${address}".`)
  return reachOf(ipaddr.process(address))
}

function reachOf(address: ipaddr.IPv4 | ipaddr.IPv6): AddressReach {
  const embedded = address instanceof ipaddr.IPv6 ? embeddedIpv4(address) : undefined
  if (embedded !== undefined) return reachOf(embedded)
  const range = address.range()
  if (range === 'linkLocal' || metadataAddresses.has(address.toNormalizedString())) return 'link_local'
  return range === 'unicast' || range === 'as112' || range === 'as112v6' || range === 'amt' ? 'global' : 'private'
}

/** Metadata services that stand outside the link-local ranges: of AWS over IPv6, and of Alibaba Cloud. */
const metadataAddresses = new Set(['fd00:ec2:0:0:0:0:0:254', '100.100.100.200'])

/** NAT64 (RFC 6052) and 6to4 (RFC 3056) carry an IPv4 address; the locally used NAT64 prefix (RFC 8215) stays private. */
function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const bytes = address.toByteArray()
  if (address.range() === '6to4') return new ipaddr.IPv4(bytes.slice(2, 6))
  const isWellKnownNat64 = address.range() === 'rfc6052' && bytes[4] === 0 && bytes[5] === 0
  return isWellKnownNat64 ? new ipaddr.IPv4(bytes.slice(12)) : undefined
}

/**
 * The address that a URL's host spells, without asking anybody: IP literals and the names that every system knows.
 *
 * @param host - of a parsed URL, so that `0x7f.1` is `127.0.0.1` already
 * @returns undefined when the name must be looked up
 */
export function literalReach(host: string): AddressReach | undefined {
  const bare = host
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()
  if (ipaddr.isValid(bare)) return addressReach(bare)
  if (bare === 'localhost' || bare.endsWith('.localhost')) return 'private'
  return bare === 'metadata.google.internal' ? 'link_local' : undefined
}
