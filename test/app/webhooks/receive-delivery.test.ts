import { createHash, randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { epochMs } from '../../../src/domain/units.ts'
import { webhookExamples } from '../../support/webhook-examples.ts'
import { type DeliveryRequest, type Intake, openIntake, secret, signatureOf, smallBody } from './intake.ts'

let intake: Intake
beforeAll(async () => {
  intake = await openIntake()
})
afterAll(() => intake.server.close())

/** The status of the answer, having checked that nothing was stored. */
async function refused(request: DeliveryRequest): Promise<number> {
  const before = intake.inbox.deliveries.length
  const answer = await intake.deliver(request)
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(await answer.json()).toMatchObject({
    status: answer.status,
    detail: expect.stringMatching(/[.]$/),
    remedy: expect.stringMatching(/[.]$/),
  })
  expect(intake.inbox.deliveries).toHaveLength(before)
  return answer.status
}

describe('a delivery that GitHub signed', () => {
  it('is stored as it came, with what stands beside it, and acknowledged', async () => {
    const guid = randomUUID()
    const body = ` ${smallBody}\n`
    const answer = await intake.deliver({ body, headers: { 'x-github-delivery': guid } })
    expect([answer.status, await answer.json()]).toEqual([202, { delivery: 'stored' }])
    const stored = await intake.inbox.read(guid)
    expect(stored).toMatchObject({
      guid,
      hookId: 99,
      event: 'deployment',
      action: 'created',
      tenant: 7,
      repository: 42,
      bodySha256: createHash('sha256').update(body).digest('hex'),
    })
    expect(Buffer.from(stored?.body ?? []).toString()).toBe(body)
  })

  it('A15: is acknowledged again when it comes again, and stored once', async () => {
    const headers = { 'x-github-delivery': randomUUID() }
    await intake.deliver({ headers })
    const before = intake.inbox.deliveries.length
    const answer = await intake.deliver({ headers })
    expect([answer.status, await answer.json()]).toEqual([202, { delivery: 'known' }])
    expect(intake.inbox.deliveries).toHaveLength(before)
  })

  it('under a known GUID with another body is refused, and an alarm is logged', async () => {
    const headers = { 'x-github-delivery': randomUUID() }
    await intake.deliver({ headers })
    expect(await refused({ headers, body: '{"action":"edited"}' })).toBe(409)
    expect(intake.log.at(-2)).toMatchObject({
      level: 'error',
      alarm: 'delivery_conflict',
      guid: headers['x-github-delivery'],
    })
  })

  it.each([
    ['an unknown event', { headers: { 'x-github-event': 'quantum_merge' } }],
    ['an unknown action', { body: '{"action":"teleported","installation":{"id":7}}' }],
    ['no action, installation or repository', { body: '{"zen":"Design for failure."}' }],
    ['an action that no database keeps', { body: '{"action":"a\\u0000b"}' }],
    ['odd values in their places', { body: '{"action":1,"installation":{"id":"7"},"repository":null}' }],
  ])('A18: with %s is stored all the same', async (_what, request) => {
    const before = intake.inbox.deliveries.length
    expect((await intake.deliver(request)).status).toBe(202)
    expect(intake.inbox.deliveries).toHaveLength(before + 1)
  })

  it('A19: that is a ping is answered with 200', async () => {
    const before = intake.inbox.deliveries.length
    const answer = await intake.deliver({
      headers: { 'x-github-event': 'ping' },
      body: '{"zen":"Keep it logically awesome."}',
    })
    expect([answer.status, intake.inbox.deliveries.length]).toEqual([200, before])
  })

  it('holds every character that JSON can', async () => {
    const guid = randomUUID()
    const body = `\uFEFF${smallBody}`
    expect(await refused({ body })).toBe(400)
    const odd = JSON.stringify({ text: 'ä€𝄞\u0000\u2028\ud800"\\' })
    expect((await intake.deliver({ body: odd, headers: { 'x-github-delivery': guid } })).status).toBe(202)
    expect(Buffer.from((await intake.inbox.read(guid))?.body ?? []).toString()).toBe(odd)
  })

  it('may be any that GitHub has published as an example', async () => {
    const bodies = webhookExamples.flatMap(({ name, examples: each }) =>
      each.map(body => ({ name, body: JSON.stringify(body) })),
    )
    expect(bodies.length).toBeGreaterThan(300)
    const before = intake.inbox.deliveries.length
    const answers: string[] = []
    for (const { name, body } of bodies) {
      const { status } = await intake.deliver({ body, headers: { 'x-github-event': name } })
      answers.push(`${name} ${status}`)
    }
    expect(answers).toEqual(bodies.map(({ name }) => `${name} ${name === 'ping' ? 200 : 202}`))
    const pings = bodies.filter(({ name }) => name === 'ping').length
    expect(intake.inbox.deliveries).toHaveLength(before + bodies.length - pings)
  })
})

describe('a delivery that nobody proves to be from GitHub', () => {
  const right = signatureOf(smallBody)
  const wrong = signatureOf(smallBody, 'another-secret-of-at-least-32-bytes')
  const signed = (value: string | undefined): DeliveryRequest => ({ headers: { 'x-hub-signature-256': value } })
  it.each([
    ['A1: without a signature', signed(undefined)],
    [
      'A2: with a SHA-1 signature alone',
      { headers: { 'x-hub-signature-256': undefined, 'x-hub-signature': 'sha1=0000' } },
    ],
    ['A2: with SHA-1 in the place of SHA-256', signed(`sha1=${'0'.repeat(40)}`)],
    ['A3: with the right length and wrong hex', signed(wrong)],
    ['A4: with 63 digits', signed(right.slice(0, -1))],
    ['A4: with 65 digits', signed(`${right}0`)],
    ['A5: with upper-case digits', signed(right.toUpperCase().replace('SHA256', 'sha256'))],
    [
      'A6: with the signature of the same JSON in other space',
      { ...signed(right), body: JSON.stringify(JSON.parse(smallBody), null, 1) },
    ],
    ['with two signatures', signed(`${wrong}, ${right}`)],
    ['with an empty body', { body: '' }],
    ['for another App', { headers: { 'x-github-hook-installation-target-id': '4712' } }],
  ] satisfies readonly (readonly [string, DeliveryRequest])[])('%s is a 401', async (_how, request) => {
    expect(await refused(request)).toBe(401)
  })

  it('for another App is named in the log', async () => {
    await refused({ headers: { 'x-github-hook-installation-target-id': '4712' } })
    expect(intake.log.at(-1)).toMatchObject({
      status: 401,
      msg: 'The delivery is for the App 4712; this is the App 4711.',
    })
  })
})

describe('a delivery in a form that GitHub does not send', () => {
  it.each([
    ['A17: a GUID that is none', 400, { headers: { 'x-github-delivery': 'not-a-uuid' } }],
    ['A17: a GUID of 10 kB', 400, { headers: { 'x-github-delivery': '0'.repeat(10_000) } }],
    ['no GUID', 400, { headers: { 'x-github-delivery': undefined } }],
    ['no event', 400, { headers: { 'x-github-event': undefined } }],
    ['an event that is no name', 400, { headers: { 'x-github-event': '../push' } }],
    ['no hook', 400, { headers: { 'x-github-hook-id': undefined } }],
    ['a hook that is no number', 400, { headers: { 'x-github-hook-id': '1e3' } }],
    ['no target', 400, { headers: { 'x-github-hook-installation-target-id': undefined } }],
    ['A10: compressed', 415, { body: gzipSync('0'.repeat(1_000_000)), headers: { 'content-encoding': 'gzip' } }],
    ['A10: said to be as it is', 415, { headers: { 'content-encoding': 'identity' } }],
    ['A11: a form', 415, { body: 'payload=%7B%7D', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['A11: plain text', 415, { headers: { 'content-type': 'text/plain' } }],
    ['no type', 415, { headers: { 'content-type': '' } }],
    ['bytes that are no UTF-8', 415, { body: Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d) }],
  ] satisfies readonly (readonly [string, number, DeliveryRequest])[])('%s is a %i', async (_what, status, request) => {
    expect(await refused(request)).toBe(status)
  })

  it.each([
    ['A12: 20,000 levels of arrays', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['A12: 20,000 levels of objects', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['65 levels', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`],
    ['A13: __proto__', '{"__proto__":{"isAdmin":true}}'],
    ['A13: __proto__ in escapes and space', '{"a":[{"\\u005f_proto__"\n : {"isAdmin":true}}]}'],
    ['A13: constructor', '{"a":{"constructor":{"prototype":{"isAdmin":true}}}}'],
    ['half of an object', '{"action":"created"'],
    ['half of a string', '{"action":"creat'],
    ['an array', '[]'],
    ['null', 'null'],
    ['words', 'hello'],
  ])('%s is a 400, signed or not', async (_what, body) => {
    expect(await refused({ body })).toBe(400)
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('isAdmin')
  })

  it('64 levels are read, and the words that are no keys may stand as values', async () => {
    const body = `{"a":${'['.repeat(63)}"\\"__proto__\\":"${']'.repeat(63)},"b":"constructor","c":["__proto__"]}`
    expect((await intake.deliver({ body })).status).toBe(202)
  })

  it('another method is a 404', async () => {
    const answer = await fetch(intake.url)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  })
})

describe('A24: while the secret is being changed', () => {
  const before = 'the-secret-before-of-33-bytes-000'
  it('both are good until the instant that was named, and the previous one from then on is a 401', async () => {
    let now = 1_000
    const clock = { now: () => epochMs(now), sleep: async () => {} }
    const previous = { secret: before, until: epochMs(2_000) }
    const changing = await openIntake({ clock, secrets: { current: secret, previous } })
    try {
      const statuses = async (): Promise<number[]> => [
        (await changing.deliver()).status,
        (await changing.deliver({ secret: before })).status,
        (await changing.deliver({ secret: 'neither-of-both-of-at-least-32-bytes' })).status,
      ]
      expect(await statuses()).toEqual([202, 202, 401])
      now = 1_999
      expect(await statuses()).toEqual([202, 202, 401])
      now = 2_000
      expect(await statuses()).toEqual([202, 401, 401])
    } finally {
      await changing.server.close()
    }
  })
})

describe('when the store does not answer', () => {
  it('the delivery is a 503, so that GitHub shows it as failed; nothing of why goes out', async () => {
    const inbox = { accept: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.5:5432')) }
    const without = await openIntake({ inbox })
    try {
      const answer = await without.deliver()
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10'])
      expect(await answer.text()).not.toContain('ECONNREFUSED')
      expect(without.log.find(line => line['level'] === 'error')).toMatchObject({
        err: { message: 'connect ECONNREFUSED 10.0.0.5:5432' },
      })
    } finally {
      await without.server.close()
    }
  })
})
