import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Command } from '../../../../src/domain/command/command.ts'
import { giveCommand } from '../../../../src/engine/commands/give-command.ts'
import { digestOf } from '../../../support/ring-records.ts'
import { everyItem, openStoredApi, type StoredApi } from '../../../support/stored-api.ts'

let api: StoredApi
beforeAll(async () => {
  api = await openStoredApi(['one', 'back', 'again', 'answers', 'locks', 'life', 'retries', 'wishes'])
})
afterAll(() => api[Symbol.asyncDispose]())

const newest = async (solution: string): Promise<Record<string, unknown> | undefined> =>
  (await everyItem(api, `/promotions?solution=${solution}`))[0]

describe('promoting', () => {
  it('[C13] asks for any version, older or newer, by its number or digest', async () => {
    const { bob } = api.rehearsed
    const one = api.solution('one')
    await one.publish(3)
    await one.activate('dev', 2)
    const wish = { version: 'v1', reason: 'back to what worked', parameters: { region: 'eu' } }
    const { status, body } = await api.ask(bob, `POST ${one.path('dev')}/promotions`, { body: wish })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      message: 'v1 is to enter dev; its gates are being asked.',
      promotion: {
        state: 'requested',
        version: 'v1',
        baseline: digestOf(2),
        requested_by: { id: bob.id, login: 'bob' },
        source: 'api',
        reason: 'back to what worked',
        parameters: { region: 'eu' },
      },
    })
    expect(await newest('one')).toEqual(Object(body).promotion)
    const byDigest = await api.ask(bob, `POST ${one.path('dev')}/promotions`, { body: { digest: digestOf(3) } })
    expect(byDigest.body).toMatchObject({ promotion: { version: 'v3' } })
  })

  it('says what the gates would say, and changes nothing', async () => {
    const { alice } = api.rehearsed
    const one = api.solution('one')
    const before = await everyItem(api, '/promotions')
    const body = { version: 'v3', dry_run: true }
    const answer = await api.ask(alice, `POST ${one.path('production')}/promotions`, { body })
    expect(answer.body).toMatchObject({
      promotion: null,
      verdicts: expect.arrayContaining([expect.objectContaining({ gate: 'ring_order', verdict: 'fail' })]),
    })
    expect(await everyItem(api, '/promotions')).toEqual(before)
  })

  it.each([
    [{}, 400, 'request_invalid'],
    [{ version: 'v1', digest: digestOf(1) }, 400, 'request_invalid'],
    [{ version: 'a'.repeat(40) }, 400, 'request_invalid'],
    [{ version: 'v1', hotfix: true }, 400, 'request_invalid'],
    [{ version: 'v1', reason: 'two\nlines' }, 400, 'request_invalid'],
    [{ version: 'v1', reason: 'right to \u202e left' }, 400, 'request_invalid'],
    [{ version: 'v1', parameters: { region: '$(id)' } }, 400, 'request_invalid'],
    [{ version: 'v1', parameters: { 'a-b': '1', a_b: '2' } }, 400, 'request_invalid'],
    [{ version: 'v1', ring: 'dev' }, 400, 'request_invalid'],
    [{ version: 'v99' }, 404, 'unknown_version'],
    [{ version: 'v1', hotfix: true, reason: 'now' }, 403, 'not_permitted'],
    [{ version: 'v1', skip_order: true, reason: 'now' }, 403, 'not_permitted'],
  ])('%j is refused with %i %s', async (body, status, code) => {
    const wishes = api.solution('wishes')
    await wishes.publish(1)
    const answer = await api.ask(api.rehearsed.bob, `POST ${wishes.path('dev')}/promotions`, { body })
    expect(answer).toMatchObject({ status, body: { code } })
    expect(await newest('wishes')).toBeUndefined()
  })

  it('a request whose answer was lost with its replica is done once, and answered with what it made', async () => {
    const { bob } = api.rehearsed
    const again = api.solution('again')
    await again.publish(2)
    const key = { ...api.key, person: bob, request: 'r-1', once: `user ${bob.id} k-1` }
    const ring = { solution: 'again', ring: 'dev' }
    const promote: Command = {
      kind: 'promote',
      ring,
      artifact: { kind: 'version', number: 1 },
      dryRun: false,
      hotfix: false,
      skipOrder: false,
      parameters: {},
    }
    const first = await giveCommand(api.control, { ...key, command: promote })
    // A newer one took its place meanwhile: done again, it would supersede that.
    await api.ask(bob, `POST ${again.path('dev')}/promotions`, { body: { version: 'v2' } })
    const made = await everyItem(api, '/promotions?solution=again')
    const second = await giveCommand(api.control, { ...key, request: 'r-2', command: promote })
    expect(second).toEqual({ words: 'It was done before.', promotion: first.promotion })
    expect(await everyItem(api, '/promotions?solution=again')).toEqual(made)
    // The same two at once.
    const newer: Command = { ...promote, artifact: { kind: 'version', number: 2 } }
    const other = { ...key, once: 'k-2', command: newer }
    const both = await Promise.all([giveCommand(api.control, other), giveCommand(api.control, other)])
    expect(new Set(both.map(({ promotion }) => promotion)).size).toBeLessThanOrEqual(2)
    expect((await everyItem(api, '/promotions?solution=again')).length).toBe(made.length)
    // Another command under the same key is another one.
    const lock = await giveCommand(api.control, { ...key, command: { kind: 'lock', ring } })
    expect(lock.words).toContain('locked by @bob')
  })

  it('the same key gets the same answer, and another request under it none', async () => {
    const { bob } = api.rehearsed
    const wishes = api.solution('again')
    const ask = (version: string): ReturnType<StoredApi['ask']> =>
      api.ask(bob, `POST ${wishes.path('dev')}/promotions`, { body: { version }, key: 'k-3' })
    const first = await ask('v1')
    expect((await ask('v1')).body).toEqual(first.body)
    expect(await ask('v2')).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  })
})

describe('rolling back', () => {
  it('[C17] is one call', async () => {
    const { bob } = api.rehearsed
    const back = api.solution('back')
    await back.publish(2)
    await back.activate('dev', 1)
    const bad = await back.activate('dev', 2)
    const body = { reason: 'answers are empty', quarantine: true }
    const answer = await api.ask(bob, `POST ${back.path('dev')}/rollback`, { body })
    expect(answer.body).toMatchObject({ promotion: { task: 'rollback', version: 'v1', state: 'dispatched' } })
    expect((await api.ask(bob, `GET /deployments/${bad}`)).body).toMatchObject({
      state: 'rolling_back',
      is_active: true,
    })
    const again = await api.ask(bob, `POST ${back.path('dev')}/rollback`, { body: {} })
    expect(again).toMatchObject({ status: 409, body: { code: 'in_progress' } })
    const { alice } = api.rehearsed
    const release = { body: { version: 'v2', reason: 'the provider was down' } }
    expect((await api.ask(bob, `POST ${back.path('dev')}/unquarantine`, release)).status).toBe(403)
    expect((await api.ask(alice, `POST ${back.path('dev')}/unquarantine`, release)).body).toMatchObject({
      message: 'v2 is out of quarantine in back/dev.',
    })
    const empty = await api.ask(bob, `POST ${back.path('staging')}/rollback`, { body: {} })
    expect(empty).toMatchObject({ status: 409, body: { code: 'no_rollback_target' } })
  })
})

describe('answering', () => {
  it('is for the promotion that is named, and no other that waits there by now', async () => {
    const { alice } = api.rehearsed
    const answers = api.solution('answers')
    await answers.wait('staging', 'p-seen', { state: 'superseded' })
    await answers.wait('staging', 'p-newer')
    const answer = (route: string, promotion?: string): ReturnType<StoredApi['ask']> =>
      api.ask(alice, `POST ${answers.path('staging')}/${route}`, { body: { promotion } })
    for (const route of ['approve', 'reject']) {
      expect(await answer(route, 'p-seen')).toMatchObject({ status: 409, body: { code: 'binding_stale' } })
    }
    expect((await api.ask(alice, 'GET /promotions/p-newer')).body).toMatchObject({ answers: [] })
    expect((await answer('approve', 'p-newer')).body).toMatchObject({ promotion: { id: 'p-newer' } })
    expect((await api.ask(alice, 'GET /promotions/p-newer')).body).toMatchObject({
      answers: [{ person: { login: 'alice' }, answer: 'approved', via: 'ringway' }],
    })
    expect((await answer('reject')).body).toMatchObject({ promotion: { id: 'p-newer' } })
    expect(await answer('approve', 'p-nowhere')).toMatchObject({ status: 409, body: { code: 'binding_stale' } })
  })
})

describe('locks', () => {
  it('keep others out until their holder, or a stronger role, ends them', async () => {
    const { alice, bob, carol } = api.rehearsed
    const locks = api.solution('locks')
    const lock = `${locks.path('dev')}/lock`
    const wish = { body: { for: '2h', reason: 'load test' } }
    expect((await api.ask(carol, `PUT ${lock}`, wish)).status).toBe(403)
    expect((await api.ask(bob, `PUT ${lock}`, wish)).body).toMatchObject({ promotion: null })
    expect(await api.ask(alice, `PUT ${lock}`, wish)).toMatchObject({ status: 409, body: { code: 'locked' } })
    expect((await api.ask(carol, `DELETE ${lock}`)).status).toBe(403)
    expect((await api.ask(alice, `DELETE ${lock}?reason=done`)).status).toBe(200)
    expect((await api.ask(bob, `PUT ${lock}`, { body: { for: '2 hours' } })).status).toBe(400)
    expect((await api.ask(bob, `PUT ${lock}`, { body: { for: '400d' } })).status).toBe(400)
  })

  it('of the whole repository need the right in every ring', async () => {
    const { bob, carol } = api.rehearsed
    expect((await api.ask(carol, 'PUT /lock', { body: {} })).status).toBe(403)
    expect((await api.ask(bob, 'PUT /lock', { body: { reason: 'audit' } })).status).toBe(200)
    expect((await api.ask(bob, 'GET /solutions/locks/rings/dev')).body).toMatchObject({
      locks: [{ scope: 'repository', by: { login: 'bob' }, reason: 'audit', until: null }],
    })
    expect((await api.ask(bob, 'DELETE /lock')).status).toBe(200)
  })
})

describe('the life of a ring', () => {
  it('is paused, goes on, is undeployed and archived; its pointer stays', async () => {
    const { alice } = api.rehearsed
    const life = api.solution('life')
    await life.publish(1)
    const active = await life.activate('dev', 1)
    const steps = { pause: 'paused', resume: 'active', undeploy: 'undeployed', archive: 'archived' }
    for (const [step, status] of Object.entries(steps)) {
      expect((await api.ask(alice, `POST ${life.path('dev')}/${step}`, { body: { reason: 'because' } })).status).toBe(
        200,
      )
      const { body } = await api.ask(alice, `GET ${life.path('dev')}`)
      expect(body).toMatchObject({ status, pointer: { deployment: active } })
    }
    const late = await api.ask(alice, `POST ${life.path('dev')}/promotions`, { body: { version: 'v1' } })
    expect(late).toMatchObject({ status: 409, body: { code: 'ring_archived' } })
  })
})

describe('retrying', () => {
  it('[C16] asks again for what did not come to a good end, if it is the last into its ring', async () => {
    const { bob } = api.rehearsed
    const retries = api.solution('retries')
    await retries.publish(1)
    const end = { reason: 'soaking', words: 'too early' } as const
    await retries.wait('dev', 'p-old', { state: 'expired', end })
    await retries.wait('dev', 'p-last', { state: 'refused', end })
    const stale = await api.ask(bob, 'POST /promotions/p-old/retry')
    expect(stale).toMatchObject({ status: 409, body: { code: 'binding_stale' } })
    expect((await api.ask(api.rehearsed.carol, 'POST /promotions/p-last/retry')).status).toBe(403)
    const { body } = await api.ask(bob, 'POST /promotions/p-last/retry')
    expect(body).toMatchObject({ promotion: { state: 'requested', version: 'v1' } })
    expect(Object(body).promotion.id).not.toBe('p-last')
    expect((await api.ask(bob, 'GET /promotions/p-last')).body).toMatchObject({ state: 'refused' })
  })
})
