import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../src/sandbox/world/account.ts'
import { type ApiAnswer, askerOf } from '../support/api.ts'
import { readDescription } from '../support/api-description.ts'
import { type ControlBench, openControlBench } from '../support/control-bench.ts'
import type { TinyRing } from '../support/tiny-solution.ts'

const rings: readonly TinyRing[] = [
  { name: 'dev', lines: ['deploy-on: push'] },
  { name: 'staging', lines: ['after: dev', 'gates: { approvals: { count: 1, authors: true } }'] },
]

describe('a program that uses the API', () => {
  let bench: ControlBench
  let ask: (who: Account, route: string, body?: unknown, key?: string) => Promise<ApiAnswer>
  beforeAll(async () => {
    bench = await openControlBench({ solutions: { shop: rings } })
    const { appUrl, repository, sandbox } = bench
    const description = readDescription(await (await fetch(`${appUrl}/v1/openapi.json`)).json())
    const send = askerOf(appUrl, description)
    ask = (who, route, body, key) => {
      const [method, path] = route.split(' ')
      return send(`${method} /v1/repos/${repository.owner.login}/${repository.name}${path}`, {
        token: sandbox.tokenOf(who),
        ...(body === undefined ? {} : { body }),
        ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
      })
    }
  })
  afterAll(() => bench.close())

  const staging = '/solutions/shop/rings/staging'
  const ring = async (): Promise<Record<string, unknown>> => Object((await ask(bench.bob, `GET ${staging}`)).body)

  it('[M12] [C13] [C17] promotes, approves, rolls back, and reads all of it in the log', async () => {
    const { alice, bob, machine } = bench
    await bench.send({ 'shop/app.txt': 'one\n' })
    await bench.points('dev', 'v1')
    await bench.send({ 'shop/app.txt': 'two\n' })
    await bench.points('dev', 'v2')
    for (const version of ['v1', 'v2']) {
      const key = randomUUID()
      const wish = { version, reason: 'by a program' }
      const asked = await ask(alice, `POST ${staging}/promotions`, wish, key)
      expect(asked.status).toBe(200)
      expect((await ask(alice, `POST ${staging}/promotions`, wish, key)).body).toEqual(asked.body)
      const { id } = Object(asked.body).promotion
      await bench.until(async () => Object((await ask(bob, `GET /promotions/${id}`)).body).state === 'gated', 'gated')
      expect((await ask(bob, `POST ${staging}/approve`, { promotion: id })).status).toBe(200)
      await bench.until(async () => Object((await ring())['active'])?.version === version, `${version} active`)
    }
    expect(machine.serving('staging')).toBe('two')
    const before = Object((await ring())['pointer'])

    const back = await ask(bob, `POST ${staging}/rollback`, { reason: 'answers are empty' })
    expect(back.body).toMatchObject({ promotion: { task: 'rollback', version: 'v1' } })
    await bench.until(async () => Object((await ring())['active'])?.version === 'v1', 'the one before')
    expect(machine.serving('staging')).toBe('one')
    expect(await ring()).toMatchObject({ pointer: { revision: before.revision + 1 } })

    const history = Object((await ask(bob, `GET ${staging}/deployments`)).body).items
    expect(history).toMatchObject([
      { task: 'rollback', state: 'active', requested_by: { login: 'bob' } },
      { state: 'rolled_back', version: 'v2', id: before.deployment },
      { state: 'superseded', version: 'v1', request_reason: 'by a program' },
    ])
    const { events } = Object((await ask(bob, `GET /deployments/${before.deployment}`)).body)
    expect(events.map(({ type }: { type: string }) => type)).toEqual(
      ['queued', 'building', 'deploying', 'validating', 'active', 'rolling_back', 'rolled_back'].map(
        state => `deployment.${state}`,
      ),
    )
    const audit = Object((await ask(alice, 'GET /audit?verify=true')).body)
    expect(audit.chain).toMatchObject({ kind: 'whole', entries: audit.items.length })
    expect(audit.items.map(({ action }: { action: string }) => action)).toEqual([
      'rollback.requested',
      'promotion.approved',
      'promotion.requested',
      'promotion.approved',
      'promotion.requested',
    ])
    expect((await ask(bob, 'GET /effects?state=failed')).body).toMatchObject({ items: [] })
  })
})
