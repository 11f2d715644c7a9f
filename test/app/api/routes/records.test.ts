import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deedOf } from '../../../support/control-records.ts'
import { openStoredApi, type StoredApi } from '../../../support/stored-api.ts'

let api: StoredApi
beforeAll(async () => {
  api = await openStoredApi(['shop'])
})
afterAll(() => api[Symbol.asyncDispose]())

describe('what GitHub refused for good', () => {
  it('is listed with what it said', async () => {
    const ring = api.solution('shop').ring('dev')
    await api.run(tx => tx.effects.want([deedOf(ring, 7)]))
    await api.run(async tx => {
      const record = await tx.effects.next('lane')
      if (record !== undefined) await tx.effects.fail(record, '403 Resource not accessible by integration')
    })
    const { body } = await api.ask(api.rehearsed.carol, 'GET /effects?state=failed')
    expect(body).toMatchObject({
      items: [{ key: 'cancel_run 7', kind: 'cancel_run', words: '403 Resource not accessible by integration' }],
      next: null,
    })
    expect((await api.ask(api.rehearsed.carol, 'GET /effects')).status).toBe(400)
  })
})

describe('the audit log', () => {
  it('says who did what to the repository, to its admins alone, and whether the chain is whole', async () => {
    const { alice, bob } = api.rehearsed
    const shop = api.solution('shop')
    const log = async (query = ''): Promise<Record<string, unknown>> =>
      Object((await api.ask(alice, `GET /audit${query}`)).body)
    await api.ask(bob, `PUT ${shop.path('dev')}/lock`, { body: { reason: 'load test' } })
    await api.ask(bob, `DELETE ${shop.path('dev')}/lock`)
    await api.run(tx =>
      tx.audit.append({
        actor: { id: 1, login: 'x' },
        cause: { kind: 'system', id: 'x' },
        action: 'lock.taken',
        subject: `repository ${api.key.repository}0`,
        before: null,
        after: null,
      }),
    )
    const { items, chain } = await log('?verify=true&limit=1')
    expect(items).toMatchObject([
      {
        action: 'lock.released',
        subject: `repository ${api.key.repository}: shop/dev`,
        actor: { id: bob.id, login: 'bob' },
        cause: { kind: 'api' },
      },
    ])
    expect(chain).toMatchObject({ kind: 'whole', entries: 3 })
    const { next } = await log('?limit=1')
    const rest = await api.ask(alice, `GET ${String(next)}`)
    expect(rest.body).toMatchObject({ items: [{ action: 'lock.taken', before: null }], next: null, chain: null })
    expect(await api.ask(bob, 'GET /audit')).toMatchObject({ status: 403, body: { code: 'not_permitted' } })
  })
})

describe('subscribers', () => {
  const url = 'https://hooks.example/ringway'

  it('[M15] are told what happens from now on; their secret is shown once', async () => {
    const { alice, bob } = api.rehearsed
    const added = await api.ask(alice, 'POST /subscribers', { body: { url, types: ['deployment.failed'] } })
    expect(added).toMatchObject({ status: 201, body: { url, types: ['deployment.failed'], disabled: null } })
    const { id, secret } = Object(added.body)
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const listed = await api.ask(alice, 'GET /subscribers')
    expect(listed.body).toMatchObject({ items: [{ id, url }] })
    expect(JSON.stringify(listed.body)).not.toContain('whsec_')
    const key = api.solution('shop').ring('dev')
    await api.run(tx => tx.events.append({ type: 'deployment.failed', key, data: {} }))
    expect(await api.place.queued(api.key.tenant)).toContainEqual({
      kind: 'events',
      tenant: api.key.tenant,
      subscriber: id,
    })
    expect((await api.ask(bob, 'GET /subscribers')).status).toBe(403)
    expect((await api.ask(bob, `DELETE /subscribers/${id}`)).status).toBe(403)
    expect((await api.ask(alice, `DELETE /subscribers/${id}`)).status).toBe(200)
    expect((await api.ask(alice, `DELETE /subscribers/${id}`)).status).toBe(404)
    const audit = await api.ask(alice, 'GET /audit?limit=2')
    expect(audit.body).toMatchObject({ items: [{ action: 'subscriber.removed' }, { action: 'subscriber.added' }] })
    expect(JSON.stringify(audit.body)).not.toContain('whsec_')
  })

  it('of another repository of the installation are neither seen nor removed', async () => {
    const repository = api.key.repository + 1
    const secret = `whsec_${'A'.repeat(32)}`
    const id = await api.run(tx => tx.subscribers.add({ repository, url, secret, types: [] }))
    const { alice } = api.rehearsed
    expect((await api.ask(alice, 'GET /subscribers')).body).toEqual({ items: [] })
    expect((await api.ask(alice, `DELETE /subscribers/${id}`)).status).toBe(404)
  })

  it.each([
    'http://hooks.example/x',
    'https://user:password@hooks.example/x',
    'ftp://hooks.example/x',
    'http://127.0.0.1.nip.io/x',
    'file:///etc/passwd',
    'hooks.example',
  ])('%s is no place to tell anything', async wrong => {
    const answer = await api.ask(api.rehearsed.alice, 'POST /subscribers', { body: { url: wrong } })
    expect(answer).toMatchObject({ status: 400, body: { code: 'request_invalid' } })
  })

  it('may be on the machine of the App without TLS where its operator lets them', async () => {
    const body = { url: 'http://127.0.0.1:9/hook' }
    expect((await api.ask(api.rehearsed.alice, 'POST /subscribers', { body })).status).toBe(201)
  })

  it('are as many as can be told', async () => {
    const { alice } = api.rehearsed
    const statuses = new Set<number>()
    for (let n = 0; n < 20; n += 1) {
      statuses.add((await api.ask(alice, 'POST /subscribers', { body: { url: `${url}/${n}` } })).status)
    }
    expect([...statuses]).toEqual([201, 409])
  })
})
