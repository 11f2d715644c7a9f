import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { artifactOf, deploymentOf, promotionOf } from '../../../support/control-records.ts'
import { digestOf } from '../../../support/ring-records.ts'
import { everyItem, openStoredApi, type StoredApi } from '../../../support/stored-api.ts'

let api: StoredApi
beforeAll(async () => {
  api = await openStoredApi(['pointer', 'rules', 'listed', 'versions', 'drafts', 'history'])
})
afterAll(() => api[Symbol.asyncDispose]())

describe('what stands', () => {
  it('[A3] a ring is a pointer with a revision, and what it points to is another thing', async () => {
    const { bob } = api.rehearsed
    const solution = api.solution('pointer')
    const first = await solution.activate('dev', 1)
    const at = async (): Promise<unknown> => (await api.ask(bob, `GET ${solution.path('dev')}`)).body
    expect(await at()).toMatchObject({
      ring: 'dev',
      pointer: { deployment: first, revision: 1 },
      active: { id: first, version: 'v1', digest: digestOf(1), state: 'active' },
    })
    const second = await solution.activate('dev', 2)
    expect(await at()).toMatchObject({ pointer: { deployment: second, revision: 2 }, active: { version: 'v2' } })
    const empty = await api.ask(bob, `GET ${solution.path('staging')}`)
    expect(empty.body).toMatchObject({ pointer: { deployment: null, revision: 0 }, active: null, status: 'active' })
  })

  it('a ring tells its rules: gates, and who may do what', async () => {
    const { carol } = api.rehearsed
    const { body } = await api.ask(carol, 'GET /solutions/rules/rings/staging')
    expect(body).toMatchObject({
      after: 'dev',
      history: '/v1/repos/acme/shop/solutions/rules/rings/staging/deployments',
      rules: {
        promote: 'manual',
        gates: { soak_ms: 600_000, approvals: { count: 1, from: [] }, windows: [], freezes: [] },
        who: { view: ['read'], promote: ['write'], override: ['admin'] },
      },
    })
    const unknown = await api.ask(carol, 'GET /solutions/rules/rings/nowhere')
    expect(unknown).toMatchObject({ status: 404, body: { code: 'unknown_ring' } })
  })

  it('[C2] [C3] [F22] solutions list their rings in order, each with its status, lock and what waits', async () => {
    const { alice, bob, carol } = api.rehearsed
    const solution = api.solution('listed')
    await solution.activate('dev', 1)
    await solution.wait('staging', 'p-staging')
    await api.ask(alice, `POST ${solution.path('dev')}/pause`, { body: { reason: 'storm' } })
    await api.ask(bob, `PUT ${solution.path('staging')}/lock`, { body: { for: '2h', reason: 'load test' } })
    const { body } = await api.ask(bob, 'GET /solutions')
    const listed = Object(body).items.find((item: { name: string }) => item.name === 'listed')
    expect(listed.rings).toMatchObject([
      { ring: 'dev', status: 'paused', active: { version: 'v1' }, promotion: null, locks: [] },
      { ring: 'staging', promotion: { id: 'p-staging' }, locks: [{ scope: 'ring', by: { login: 'bob' } }] },
      { ring: 'production', status: 'active', active: null },
    ])
    // Production is for those who may write to see: whoever may only read is shown it nowhere.
    await solution.wait('production', 'p-production')
    await solution.activate('production', 1)
    const asCarol = async (path: string): Promise<string> => JSON.stringify((await api.ask(carol, `GET ${path}`)).body)
    for (const path of ['/solutions', '/promotions', '/events', '/solutions/listed/versions']) {
      expect(await asCarol(path)).toContain('"items"')
      expect(await asCarol(path)).not.toContain('production')
    }
    expect(await asCarol('/promotions')).toContain('p-staging')
    expect((await api.ask(carol, 'GET /promotions/p-production')).status).toBe(404)
    expect((await api.ask(carol, `GET ${solution.path('production')}`)).status).toBe(403)
    expect((await api.ask(bob, 'GET /promotions/p-production')).body).toMatchObject({
      id: 'p-production',
      state: 'gated',
      verdicts: [],
      answers: [],
      placed: null,
    })
  })

  it('[C12] versions come newest first, in pages, and each ring has exactly one that is active', async () => {
    const solution = api.solution('versions')
    await solution.publish(5)
    for (const version of [1, 2, 4]) await solution.activate('dev', version)
    await solution.activate('staging', 2)
    const versions = await everyItem(api, '/solutions/versions/versions?limit=2')
    expect(versions.map(({ version, active_in }) => [version, active_in])).toEqual([
      ['v5', []],
      ['v4', ['dev']],
      ['v3', []],
      ['v2', ['staging']],
      ['v1', []],
    ])
  })

  it('[C7] drafts are listed with those that were never deployed, and with what deploys each', async () => {
    const { bob } = api.rehearsed
    const solution = api.solution('drafts')
    const key = solution.ring('dev')
    await api.run(async tx => {
      for (const number of [1, 2, 3])
        await tx.artifacts.put(artifactOf(key, { digest: digestOf(number), pullRequest: number }))
    })
    await solution.activate('dev', 1, { version: undefined })
    await solution.activate('dev', 2, { version: undefined })
    const listed = await everyItem(api, '/solutions/drafts/drafts?limit=2')
    const deploy = (number: number) => [
      {
        ring: 'dev',
        method: 'POST',
        path: `/v1/repos/acme/shop${solution.path('dev')}/promotions`,
        body: { digest: digestOf(number) },
      },
    ]
    expect(listed).toMatchObject([
      { digest: digestOf(3), pull_request: 3, status: 'never_deployed', active_in: [], deploy: deploy(3) },
      { digest: digestOf(2), pull_request: 2, status: 'active', active_in: ['dev'], deploy: [] },
      { digest: digestOf(1), pull_request: 1, status: 'deployed_before', active_in: [], deploy: deploy(1) },
    ])
    // What it says to ask for is what the App takes.
    const [{ path, body }] = deploy(3) as [ReturnType<typeof deploy>[number]]
    const asked = await api.ask(bob, `POST ${path}`, { body })
    expect(asked.body).toMatchObject({ promotion: { digest: digestOf(3), ring: 'dev' } })
    expect((await api.ask(bob, 'GET /solutions/nowhere/drafts')).body).toEqual({ items: [], next: null })
  })

  it('[D15] the history of a ring says what, when and who, and a deployment its states as they came', async () => {
    const { bob } = api.rehearsed
    const solution = api.solution('history')
    await solution.publish(3)
    const ids = [
      await solution.activate('dev', 1),
      await solution.activate('dev', 2),
      await solution.activate('dev', 3, {
        checks: [{ kind: 'passed', words: 'smoke', evidence: '200', attempts: 1, took_ms: 12.5 }],
      }),
    ]
    const items = await everyItem(api, `${solution.path('dev')}/deployments?limit=2`)
    expect(items).toMatchObject([
      { id: ids[2], version: 'v3', state: 'active', requested_by: { id: 7, login: 'mona' } },
      { id: ids[1], version: 'v2', state: 'superseded', digest: digestOf(2) },
      { id: ids[0], activated_at: '2023-11-14T22:13:20.000Z' },
    ])
    const one = await api.ask(bob, `GET /deployments/${ids[2]}`)
    expect(one.body).toMatchObject({
      id: ids[2],
      is_active: true,
      checks: [{ kind: 'passed', evidence: '200' }],
      events: [{ type: 'deployment.active', ring: 'dev', data: { deployment: ids[2] } }],
    })
    expect(await api.ask(bob, 'GET /deployments/999')).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect((await api.ask(bob, 'GET /deployments/0')).status).toBe(400)
  })

  it('what belongs to another repository of the installation is not there', async () => {
    const { alice } = api.rehearsed
    const elsewhere = { ...api.solution('other').ring('dev'), repository: api.key.repository + 1 }
    const end = { reason: 'promotion_expired', words: '' } as const
    const id = await api.run(async tx => {
      await tx.rings.lock(elsewhere, 'dev')
      await tx.promotions.add(promotionOf(elsewhere, { id: 'p-other', state: 'expired', end }))
      await tx.events.append({ type: 'strange.event', key: elsewhere, data: {} })
      return await tx.deployments.add(deploymentOf(elsewhere, { promotion: 'p-other' }))
    })
    expect((await api.ask(alice, `GET /deployments/${id}`)).status).toBe(404)
    for (const route of ['GET /promotions/p-other', 'POST /promotions/p-other/retry']) {
      expect(await api.ask(alice, route)).toMatchObject({ status: 404, body: { code: 'unknown_promotion' } })
    }
    expect(JSON.stringify(await everyItem(api, '/promotions?solution=other'))).toBe('[]')
    expect(JSON.stringify(await everyItem(api, '/events?type=strange.event'))).toBe('[]')
  })

  it('promotions and events are found by what they are about, each on exactly one page', async () => {
    const solution = api.solution('rules')
    for (let n = 1; n <= 3; n += 1) await solution.wait('dev', `p-${n}`)
    await solution.wait('staging', 'p-ended', { state: 'expired' })
    const idsOf = async (query: string): Promise<unknown[]> =>
      (await everyItem(api, `/promotions?solution=rules&limit=2${query}`)).map(({ id }) => id)
    expect(await idsOf('')).toEqual(['p-ended', 'p-3', 'p-2', 'p-1'])
    expect(await idsOf('&open=true')).toEqual(['p-3', 'p-2', 'p-1'])
    expect(await idsOf('&ring=staging')).toEqual(['p-ended'])
    const all = await everyItem(api, '/events')
    expect(await everyItem(api, '/events?limit=2')).toEqual(all)
    expect(await everyItem(api, `/events?after=${String(all[1]?.['seq'])}`)).toEqual(all.slice(2))
    const wrong = await api.ask(api.rehearsed.bob, 'GET /promotions?cursor=nonsense')
    expect(wrong).toMatchObject({ status: 400, body: { code: 'request_invalid' } })
  })
})
