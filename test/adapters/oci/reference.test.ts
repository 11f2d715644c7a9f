import { describe, expect, it } from 'vitest'
import { openBlobStore, parseStoreReference } from '../../../src/adapters/oci/reference.ts'

describe('a store’s location', () => {
  it.each([
    { location: 'oci://ghcr.io/acme/shop', parsed: { kind: 'registry', host: 'ghcr.io', name: 'acme/shop' } },
    { location: 'oci://localhost:5000/a', parsed: { kind: 'registry', host: 'localhost:5000', name: 'a' } },
    {
      location: 'oci://[::1]:5000/a/b-c__d.e/f',
      parsed: { kind: 'registry', host: '[::1]:5000', name: 'a/b-c__d.e/f' },
    },
    { location: 'oci-layout:./artifacts', parsed: { kind: 'layout', path: './artifacts' } },
    { location: 'oci-layout:/var/lib/ringway store', parsed: { kind: 'layout', path: '/var/lib/ringway store' } },
  ])('$location', ({ location, parsed }) => {
    expect(parseStoreReference(location)).toEqual(parsed)
    expect(openBlobStore({ location }).location).toBe(location)
  })

  it.each([
    { location: '', remedy: 'Write oci://host/name' },
    { location: 'ghcr.io/acme/shop', remedy: 'Write oci://host/name' },
    { location: 'https://ghcr.io/acme/shop', remedy: 'Write oci://host/name' },
    { location: 'oci://ghcr.io', remedy: 'Write oci://host/name' },
    { location: 'oci-layout:', remedy: 'oci-layout:./artifacts' },
    { location: 'oci://ghcr.io/Acme/Shop', remedy: 'oci://ghcr.io/acme/shop' },
    { location: 'oci://ghcr.io/acme/shop:v1', remedy: 'without a tag or digest' },
    { location: `oci://ghcr.io/acme/shop@sha256:${'0'.repeat(64)}`, remedy: 'without a tag or digest' },
    { location: 'oci://ghcr.io/acme/../shop', remedy: 'lower-case letters' },
    { location: 'oci://ghcr.io/acme//shop', remedy: 'lower-case letters' },
    { location: `oci://ghcr.io/${'a'.repeat(256)}`, remedy: 'lower-case letters' },
    { location: 'oci://ghcr.io:port/acme', remedy: 'host:port' },
    { location: 'oci://ghcr.io:99999/acme', remedy: 'host:port' },
    { location: 'oci://ghcr.io#/acme', remedy: 'host:port' },
  ])('$location is none', ({ location, remedy }) => {
    expect(() => parseStoreReference(location)).toThrow(
      expect.objectContaining({ code: 'input_invalid', remedy: expect.stringContaining(remedy) }),
    )
  })

  it('with credentials in it is refused without repeating them', () => {
    const location = 'oci://octocat:hunter2@ghcr.io/acme/shop'
    expect(() => parseStoreReference(location)).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('inputs of their own') }),
    )
    expect(() => parseStoreReference(location)).not.toThrow(/hunter2/)
  })
})
