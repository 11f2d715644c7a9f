import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Access } from '../../../app/api/access.ts'
import type { ApiRoute } from '../../../app/api/route.ts'
import {
  adminRoute,
  changeRoute,
  noBody,
  nothing,
  publicRoute,
  repositoryRoute,
  ringRoute,
  runRoute,
  signedInRoute,
} from '../../../app/api/route.ts'
import { createRoutes } from '../../../app/api/routes.ts'
import { type GithubRole, githubRoles } from '../../../src/domain/policy/grant.ts'
import { ringActions } from '../../../src/domain/policy/ring-policy.ts'
import { RingwayError } from '../../../src/domain/ringway-error.ts'
import { openTestApi, shop, type TestApi, vault } from '../../support/api.ts'

/** Whoever may come. The repository of every request is acme/shop. */
const visitors = [
  { who: 'nobody', is: 'nobody' },
  { who: 'somebody with a token that GitHub does not know', is: 'nobody' },
  { who: 'the GITHUB_TOKEN of a job', is: 'nobody' },
  { who: 'a person of another tenant', is: 'stranger' },
  ...githubRoles.map(role => ({ who: `a person with the role ${role}`, is: role })),
  { who: 'an admin with a token that may only read', is: 'reading admin' },
  { who: 'a run of the repository', is: 'run' },
  { who: 'a run of a repository without the App', is: 'strange run' },
] as const
type Kind = (typeof visitors)[number]['is']

/** The least role in the last ring, where the ring file says nothing. */
const least: Readonly<Record<(typeof ringActions)[number], GithubRole>> = {
  view: 'read',
  promote: 'maintain',
  approve: 'write',
  rollback: 'write',
  run: 'write',
  lock: 'write',
  unlock: 'maintain',
  pause: 'maintain',
  undeploy: 'maintain',
  archive: 'admin',
  unquarantine: 'admin',
  hotfix: 'admin',
  override: 'admin',
}

/** What a visitor gets; `reached`: the route itself. Whoever is not named is refused. */
function expected(access: Access, is: Kind): { status: number; code: string } {
  const reached = { status: 409, code: 'nothing_changed' }
  const forbidden = { status: 403, code: 'not_permitted' }
  if (access === 'anyone') return reached
  if (is === 'nobody') return { status: 401, code: 'unauthenticated' }
  if (access === 'signed_in') return reached
  if (access === 'run') {
    if (is === 'run') return reached
    return is === 'strange run' ? { status: 403, code: 'unauthorised_run' } : forbidden
  }
  if (is === 'run' || is === 'strange run') return forbidden
  if (is === 'stranger') return { status: 404, code: 'not_found' }
  if (access === 'view' || isToView(access)) return reached
  if (is === 'reading admin') return forbidden
  if (access === 'change') return reached
  if (access === 'admin') return is === 'admin' ? reached : forbidden
  return githubRoles.indexOf(is) >= githubRoles.indexOf(least[access.action]) ? reached : forbidden
}

function isToView(access: Access): boolean {
  return typeof access === 'object' && access.action === 'view'
}

async function tokenOf(api: TestApi, who: (typeof visitors)[number]['who'], is: Kind): Promise<string | undefined> {
  switch (is) {
    case 'nobody':
      if (who === 'nobody') return undefined
      return who.startsWith('the GITHUB_TOKEN') ? `ghs_${'x'.repeat(36)}` : `ghp_${'0'.repeat(36)}`
    case 'stranger':
      return api.person({ role: 'admin', in: vault })
    case 'reading admin':
      return api.person({ role: 'admin', in: shop, mayWrite: false })
    case 'run':
      return await api.run()
    case 'strange run':
      return await api.run({ repository: 'acme/bare', repository_id: '98' })
    default:
      return api.person({ role: is, in: shop })
  }
}

const answer = z.object({})
const probe = (id: string) => ({
  id,
  method: 'GET' as const,
  summary: 'A probe.',
  params: nothing,
  query: nothing,
  body: noBody,
  answer,
  example: { params: {}, query: {}, body: undefined },
  handle: async () => ({}),
})
const ofRepository = {
  params: z.object({ owner: z.string(), repo: z.string() }),
  example: { params: { owner: 'acme', repo: 'shop' }, query: {}, body: undefined },
}
const ofRing = {
  params: z.object({ owner: z.string(), repo: z.string(), solution: z.string(), ring: z.string() }),
  example: {
    params: { owner: 'acme', repo: 'shop', solution: 'support', ring: 'production' },
    query: {},
    body: undefined,
  },
}

/** Routes of every access that there is, so that the rules are tried whatever routes the product has. */
const everyAccess: readonly ApiRoute[] = [
  publicRoute({ ...probe('anyone'), path: '/v1/probe/anyone' }),
  signedInRoute({ ...probe('signedIn'), path: '/v1/probe/signed-in' }),
  runRoute({ ...probe('run'), path: '/v1/probe/run' }),
  changeRoute({ ...probe('change'), ...ofRepository, path: '/v1/probe/{owner}/{repo}/change' }),
  adminRoute({ ...probe('admin'), ...ofRepository, path: '/v1/probe/{owner}/{repo}/admin' }),
  repositoryRoute({ ...probe('view'), ...ofRepository, path: '/v1/probe/{owner}/{repo}' }),
  ...ringActions.map(action =>
    ringRoute(action)({ ...probe(action), ...ofRing, path: `/v1/probe/{owner}/{repo}/{solution}/{ring}/${action}` }),
  ),
]

let api: TestApi
let routes: readonly ApiRoute[] = []
beforeAll(async () => {
  api = await openTestApi(services => {
    routes = [...createRoutes(services), ...everyAccess].map(route => ({ ...route, call: reach }))
    return routes
  })
})
afterAll(() => api.close())

/** Stands in for what a route does: here it only matters whether it is reached. */
async function reach(): Promise<never> {
  throw new RingwayError({ code: 'nothing_changed', message: 'It was reached.', remedy: 'None.' })
}

describe('[M19] [F20] F104: every route, for everyone', () => {
  it.each(visitors)('F104: $who', async ({ who, is }) => {
    const came: Record<string, unknown> = {}
    const wanted: Record<string, unknown> = {}
    for (const route of routes) {
      const token = await tokenOf(api, who, is)
      const answer = await api.ask(...requestOf(route, token))
      came[`${route.method} ${route.path}`] = { status: answer.status, code: Object(answer.body).code }
      wanted[`${route.method} ${route.path}`] = expected(route.access, is)
    }
    expect(came).toEqual(wanted)
    expect(Object.keys(came).length).toBeGreaterThan(45)
  })

  it('[A19] what may not be known of and what is not there are the same answer', async () => {
    const token = api.person({ role: 'admin', in: vault })
    const paths = ['acme/shop', 'acme/bare', 'nobody/nothing', 'acme/shop%2f..', 'a%00b/c']
    const answers = await Promise.all(
      paths.map(async path => {
        const { status, body } = await api.ask(`GET /v1/probe/${path}`, { token })
        return { status, body: { ...Object(body), request_id: '' } }
      }),
    )
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  it('owners and repositories are found whatever case they are written in', async () => {
    const token = api.person({ role: 'read' })
    expect((await api.ask('GET /v1/probe/ACME/Shop', { token })).status).toBe(409)
  })
})

describe('a route that its path does not fit', () => {
  it('is a mistake of whoever writes it', () => {
    expect(() => repositoryRoute({ ...probe('x'), path: '/v1/x/{owner}' })).toThrow(TypeError)
    expect(() => ringRoute('promote')({ ...probe('x'), path: '/v1/{owner}/{repo}/{ring}' })).toThrow('{solution}')
    expect(() => publicRoute({ ...probe('x'), ...ofRing, path: '/v1/x' })).toThrow(TypeError)
  })
})

function requestOf(route: ApiRoute, token: string | undefined): Parameters<TestApi['ask']> {
  const places = { owner: shop.owner, repo: shop.name, solution: 'support', ring: 'production' }
  const values = new Map(Object.entries<unknown>({ ...Object(route.example.params), ...places }))
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values.get(name))))
  const query = new URLSearchParams(Object(route.example.query)).toString()
  return [
    `${route.method} ${path}${query === '' ? '' : `?${query}`}`,
    {
      ...(token === undefined ? {} : { token }),
      ...(route.example.body === undefined ? {} : { body: route.example.body }),
    },
  ]
}
