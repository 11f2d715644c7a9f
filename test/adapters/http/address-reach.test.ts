import { expect, it } from 'vitest'
import { addressReach, literalReach } from '../../../src/adapters/http/address-reach.ts'

it.each([
  ['140.82.112.34', 'global'],
  ['2606:50c0:8000::154', 'global'],
  ['64:ff9b::8c52:7022', 'global'],
  ['127.0.0.1', 'private'],
  ['0.0.0.0', 'private'],
  ['10.1.2.3', 'private'],
  ['100.64.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.1', 'private'],
  ['192.0.2.1', 'private'],
  ['198.18.0.1', 'private'],
  ['224.0.0.1', 'private'],
  ['255.255.255.255', 'private'],
  ['::', 'private'],
  ['::1', 'private'],
  ['fc00::1', 'private'],
  ['ff02::1', 'private'],
  ['2001:db8::1', 'private'],
  ['::ffff:127.0.0.1', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['64:ff9b::7f00:1', 'private'],
  ['64:ff9b:1::808:808', 'private'],
  ['2002:7f00:1::', 'private'],
  ['2002:8c52:7022::', 'global'],
  ['169.254.169.254', 'link_local'],
  ['::ffff:a9fe:a9fe', 'link_local'],
  ['64:ff9b::a9fe:a9fe', 'link_local'],
  ['2002:a9fe:a9fe::', 'link_local'],
  ['fe80::1', 'link_local'],
  ['fd00:ec2::254', 'link_local'],
  ['100.100.100.200', 'link_local'],
])('%s is %s', (address, reach) => {
  expect(addressReach(address)).toBe(reach)
})

it('is asked for addresses only', () => {
  expect(() => addressReach('ghcr.io')).toThrow(RangeError)
})

it.each([
  ['localhost', 'private'],
  ['LOCALHOST.', 'private'],
  ['a.b.localhost', 'private'],
  ['[::1]', 'private'],
  [new URL('http://0x7f.1/').hostname, 'private'],
  [new URL('http://2130706433/').hostname, 'private'],
  [new URL('http://①②⑦.①/').hostname, 'private'],
  ['metadata.google.internal.', 'link_local'],
  ['ghcr.io', undefined],
  ['169.254.169.254.nip.io', undefined],
])('the host %s is %s as it is written', (host, reach) => {
  expect(literalReach(host)).toBe(reach)
})
