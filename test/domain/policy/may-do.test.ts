import { describe, expect, it } from 'vitest'
import { type Grant, githubRoles } from '../../../src/domain/policy/grant.ts'
import { type ActorFacts, mayDo, roleOf } from '../../../src/domain/policy/may-do.ts'
import { ringGrants, withUserIds } from '../../../src/domain/policy/ring-grants.ts'
import {
  type RingAction,
  type RingGrants,
  type RingPolicy,
  ringActions,
} from '../../../src/domain/policy/ring-policy.ts'
import { type Role, roleCovers, roles } from '../../../src/domain/policy/role.ts'
import { ringOf, solutionOf } from '../../support/ring-records.ts'

const app = 77

function grantsOf(name: 'dev' | 'staging' | 'production', who?: RingPolicy): RingGrants {
  const rings = [
    ringOf('dev', {}),
    ringOf('staging', { after: 'dev' }),
    ringOf('production', { after: 'staging' }),
  ].map(ring => (ring.name === name && who !== undefined ? { ...ring, who } : ring))
  const solution = solutionOf('s', { rings })
  const ring = rings.find(one => one.name === name)
  if (ring === undefined) throw new TypeError(name)
  return ringGrants(solution, ring, [app])
}

const alice: ActorFacts = { id: 1, login: 'Alice', kind: 'user', roleName: 'write', teams: [] }
const may = (actor: ActorFacts, action: RingAction, grants: RingGrants): boolean => mayDo(actor, action, grants).allowed

describe('[M19] the usual roles: GitHub role × action × position of the ring', () => {
  // `1` may and `.` may not, in the order of ringActions.
  const matrix: Readonly<Record<string, readonly [notLast: string, last: string]>> = {
    //          vparrluupauho
    none: ['.............', '.............'],
    read: ['1............', '1............'],
    triage: ['1............', '1............'],
    write: ['111111.......', '1.1111.......'],
    maintain: ['111111111....', '111111111....'],
    admin: ['1111111111111', '1111111111111'],
    // A role of the organisation is at no place in GitHub's order.
    'release-captain': ['.............', '.............'],
    Write: ['.............', '.............'],
  }
  const cases = Object.entries(matrix).flatMap(([role, [notLast, last]]) =>
    ringActions.flatMap((action, index) =>
      (['dev', 'staging', 'production'] as const).map(ring => ({
        role,
        action,
        ring,
        allowed: (ring === 'production' ? last : notLast)[index] === '1',
      })),
    ),
  )

  it('names every role and every action', () => {
    expect(cases).toHaveLength(8 * 13 * 3)
    expect(Object.keys(matrix)).toEqual(expect.arrayContaining([...githubRoles]))
  })

  it.each(cases)('$role, $action, $ring: $allowed', ({ role, action, ring, allowed }) => {
    const actor: ActorFacts = { ...alice, roleName: role === 'none' ? undefined : role }
    expect(may(actor, action, grantsOf(ring))).toBe(allowed)
  })
})

describe('who a ring file lets in', () => {
  const read: ActorFacts = { ...alice, roleName: 'read' }
  it.each<[string, Grant, ActorFacts, boolean]>([
    ['a team', { kind: 'team', slug: 'sre' }, { ...read, teams: ['web', 'SRE'] }, true],
    ['another team', { kind: 'team', slug: 'sre' }, { ...read, teams: ['sre-interns'] }, false],
    ['a login in other letters', { kind: 'user', login: 'aLICE' }, read, true],
    ['another login', { kind: 'user', login: 'bob' }, read, false],
    ['a custom role', { kind: 'custom_role', role: 'captain' }, { ...alice, roleName: 'captain' }, true],
    ['a custom role that is not listed', { kind: 'role', role: 'read' }, { ...alice, roleName: 'captain' }, false],
    ['a stronger role', { kind: 'role', role: 'triage' }, alice, true],
    ['a weaker role', { kind: 'role', role: 'maintain' }, alice, false],
  ])('%s', (_, grant, actor, allowed) => {
    expect(may(actor, 'promote', grantsOf('dev', { promote: [grant] }))).toBe(allowed)
  })

  it('takes the place of the usual role, for this action alone', () => {
    const grants = grantsOf('production', { promote: [{ kind: 'team', slug: 'sre' }] })
    const admin: ActorFacts = { ...alice, roleName: 'admin' }
    expect(may(admin, 'promote', grants)).toBe(false)
    expect(may(admin, 'archive', grants)).toBe(true)
    expect(may(alice, 'rollback', grants)).toBe(true)
  })

  it('an empty list is for nobody, and says so', () => {
    const grants = grantsOf('dev', { undeploy: [] })
    expect(mayDo({ ...alice, roleName: 'admin' }, 'undeploy', grants)).toEqual({
      allowed: false,
      words: 'Nobody may undeploy this ring.',
      remedy: 'To let somebody, change `who.undeploy` of the ring in the ring file.',
    })
  })
})

describe('who is refused', () => {
  it('B25: a reader is told who may, and what to do', () => {
    const grants = grantsOf('production', {
      promote: [
        { kind: 'role', role: 'maintain' },
        { kind: 'team', slug: 'sre' },
      ],
    })
    expect(mayDo({ ...alice, roleName: 'read' }, 'promote', grants)).toEqual({
      allowed: false,
      words: 'Only maintain, team:sre may promote into this ring; @Alice has the role read.',
      remedy: 'Ask one of them, or change `who.promote` of the ring in the ring file.',
    })
  })
  it('B26: triage does not promote', () =>
    expect(may({ ...alice, roleName: 'triage' }, 'promote', grantsOf('dev'))).toBe(false))
  it('B27: maintain promotes into the last ring, which `permission` would call write', () =>
    expect(may({ ...alice, roleName: 'maintain' }, 'promote', grantsOf('production'))).toBe(true))
  it('B28, B29: the role decides, whatever the payload calls the author', () => {
    expect(may(alice, 'promote', grantsOf('dev'))).toBe(true)
    expect(may({ ...alice, roleName: 'read' }, 'promote', grantsOf('dev'))).toBe(false)
  })

  const listed = { id: 9, login: 'release-bot[bot]', teams: ['sre'], roleName: 'admin' } as const
  it.each<[string, ActorFacts]>([
    ['a bot', { ...listed, kind: 'bot' }],
    ['another App', { ...listed, kind: 'app', appId: 78 }],
    ['a bot of another App', { ...listed, kind: 'bot', appId: 78 }],
    ['a person through another App', { ...alice, roleName: 'admin', appId: 78 }],
  ])('B30: %s may nothing, whatever its role', (_, actor) => {
    expect(ringActions.filter(action => may(actor, action, grantsOf('dev')))).toEqual([])
  })
  it('B30: an allowed App may what a deployer may, and never approve', () => {
    const bot: ActorFacts = { id: 9, login: 'release-bot[bot]', kind: 'bot', teams: [], appId: app }
    expect(ringActions.filter(action => may(bot, action, grantsOf('dev')))).toEqual([
      'view',
      'promote',
      'rollback',
      'run',
      'lock',
    ])
  })
  it('B30: a person through an allowed App may what the person may', () =>
    expect(may({ ...alice, appId: app }, 'approve', grantsOf('dev'))).toBe(true))

  it('B42: a login that somebody else took over lets nobody in', () => {
    const grants = grantsOf('dev', { promote: [{ kind: 'user', login: 'Alice' }] })
    const known = withUserIds(grants, new Map([['alice', 1]]))
    const renamed: ActorFacts = { ...alice, login: 'alice-b', roleName: 'read' }
    const recycled: ActorFacts = { ...alice, id: 2, roleName: 'read' }
    expect(may(renamed, 'promote', known)).toBe(true)
    expect(may(recycled, 'promote', known)).toBe(false)
    // Whoever is not known yet keeps the name.
    expect(may(recycled, 'promote', withUserIds(grants, new Map()))).toBe(true)
  })
})

describe('roles', () => {
  it('are the more, the stronger', () => {
    const covered = roles.map(role => ringActions.filter(action => roleCovers(role, action)))
    for (const [index, actions] of covered.entries()) {
      expect(actions).toEqual(expect.arrayContaining([...(covered[index - 1] ?? [])]))
      expect(actions.length).toBeGreaterThan(covered[index - 1]?.length ?? 0)
    }
    expect(covered.at(-1)).toEqual(ringActions)
  })
  it.each<[string | undefined, Role | undefined]>([
    [undefined, undefined],
    ['read', 'viewer'],
    ['write', 'approver'],
    ['admin', 'admin'],
  ])('whoever has %s on GitHub is %s', (roleName, role) =>
    expect(roleOf({ ...alice, roleName }, grantsOf('dev'))).toBe(role),
  )
  it('a team that only promotes is a deployer', () => {
    const grants = grantsOf('dev', { promote: [{ kind: 'team', slug: 'web' }] })
    expect(roleOf({ ...alice, roleName: 'read', teams: ['web'] }, grants)).toBe('deployer')
  })
})
