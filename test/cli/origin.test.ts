import { describe, expect, it } from 'vitest'
import { findToken } from '../../src/cli/doctor/github-access.ts'
import { apiUrlOf, type Origin, readOrigin } from '../../src/cli/origin.ts'
import { publishedStore } from '../../src/cli/store-choice.ts'

const origin = (address: string): Origin => {
  const read = readOrigin(address)
  if (read === undefined) throw new Error(`${address} was not read`)
  return read
}

describe('the address of a remote', () => {
  it.each([
    'https://github.com/octo/shop',
    'https://github.com/octo/shop.git',
    'https://github.com/octo/shop/',
    'https://ada:secret@github.com/octo/shop.git',
    'git@github.com:octo/shop.git',
    'github.com:octo/shop',
    'ssh://git@github.com/octo/shop.git',
    'ssh://git@ssh.github.com:443/octo/shop.git',
    'git://github.com/octo/shop.git',
  ])('%s is the same source', address => {
    const url = 'https://github.com/octo/shop'
    expect(readOrigin(address)).toEqual({ host: 'github.com', owner: 'octo', name: 'shop', url })
  })

  it.each([
    '/srv/git/shop.git',
    '../shop',
    'file:///srv/git/shop.git',
    'https://github.com/',
    'https://host/a/b/c',
    '',
  ])('%s is none of a server with owners', address => {
    expect(readOrigin(address)).toBeUndefined()
  })

  it.each([
    { address: 'git@github.com:Octo/Shop.git', api: 'https://api.github.com', store: 'oci://ghcr.io/octo/shop' },
    {
      address: 'https://acme.ghe.com/octo/shop',
      api: 'https://api.acme.ghe.com',
      store: 'oci://containers.acme.ghe.com/octo/shop',
    },
    {
      address: 'https://git.acme.example:8443/octo/shop',
      api: 'https://git.acme.example:8443/api/v3',
      store: 'oci://containers.git.acme.example:8443/octo/shop',
    },
  ])('$address has its API at $api and its artifacts in $store', ({ address, api, store }) => {
    expect(apiUrlOf(origin(address), {})).toBe(api)
    expect(publishedStore(origin(address))).toBe(store)
  })

  it('takes the API that the environment names', () => {
    const environment = { GITHUB_API_URL: 'http://127.0.0.1:3000/api/v3/' }
    expect(apiUrlOf(origin('git@github.com:octo/shop'), environment)).toBe('http://127.0.0.1:3000/api/v3')
  })
})

describe('the token for a server', () => {
  it.each([
    { host: 'github.com', environment: { GITHUB_TOKEN: 'a', GH_TOKEN: 'b' }, token: 'a' },
    { host: 'github.com', environment: { GITHUB_TOKEN: '', GH_TOKEN: 'b' }, token: 'b' },
    { host: 'acme.ghe.com', environment: { GH_TOKEN: 'b' }, token: 'b' },
    { host: 'git.acme.example', environment: { GITHUB_TOKEN: 'a', GH_ENTERPRISE_TOKEN: 'c' }, token: 'c' },
    { host: '127.0.0.1', environment: { GITHUB_TOKEN: 'a', GITHUB_API_URL: 'http://127.0.0.1' }, token: 'a' },
  ])('for $host of $environment is $token', ({ host, environment, token }) => {
    expect(findToken(origin(`https://${host}/octo/shop`), environment)).toBe(token)
  })
})
