import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Grant, githubRoles, grantName, readGrant } from '../../../src/domain/policy/grant.ts'

describe('an entry of who', () => {
  it.each<[string, Grant]>([
    ['write', { kind: 'role', role: 'write' }],
    ['role:admin', { kind: 'role', role: 'admin' }],
    ['role:release-captain', { kind: 'custom_role', role: 'release-captain' }],
    ['role:Release captain', { kind: 'custom_role', role: 'Release captain' }],
    ['team:sre', { kind: 'team', slug: 'sre' }],
    ['team:SRE', { kind: 'team', slug: 'sre' }],
    ['@alice', { kind: 'user', login: 'alice' }],
    ['alice', { kind: 'user', login: 'alice' }],
    ['@Mona-Lisa_acme', { kind: 'user', login: 'Mona-Lisa_acme' }],
    // No role: logins differ in case only, roles do not.
    ['Write', { kind: 'user', login: 'Write' }],
  ])('%s', (text, grant) => expect(readGrant(text)).toEqual(grant))

  it.each([
    '',
    '@',
    '@-alice',
    '@alice-',
    'team:',
    'team:a/b',
    'role:',
    'role: x',
    'role:x\u200by',
    'org/team',
    '@a b',
    'write,admin',
    '@аlice',
    `@${'a'.repeat(40)}`,
  ])('%j is none', text => expect(readGrant(text)).toBeUndefined())

  it('is read as it is written', () => {
    const grant: fc.Arbitrary<Grant> = fc.oneof(
      fc.constantFrom(...githubRoles).map(role => ({ kind: 'role' as const, role })),
      fc.stringMatching(/^[a-z][a-z-]{0,20}x$/).map(role => ({ kind: 'custom_role' as const, role })),
      fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,30}$/).map(slug => ({ kind: 'team' as const, slug })),
      fc.stringMatching(/^[a-z0-9]{1,39}$/).map(login => ({ kind: 'user' as const, login })),
    )
    fc.assert(
      fc.property(grant, one => {
        expect(readGrant(grantName(one))).toEqual(one)
      }),
    )
  })
})
