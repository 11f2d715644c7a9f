import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { openLog } from '../../../app/log/open-log.ts'
import { createDispatch } from '../../../app/webhooks/dispatch-delivery.ts'
import { type DeliveryHandlers, handling } from '../../../app/webhooks/handlers.ts'
import { openProbot } from '../../../app/webhooks/open-probot.ts'
import { RingwayError } from '../../../src/domain/ringway-error.ts'
import { close, listen } from '../../support/listening.ts'
import { createMemoryInbox, type MemoryInbox } from '../../support/memory-inbox.ts'
import { webhookExamples } from '../../support/webhook-examples.ts'

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()

interface Dispatching {
  readonly inbox: MemoryInbox
  readonly log: readonly string[]
  /** Stores a delivery and handles it. */
  readonly dispatch: (event: string, payload: object) => Promise<string>
  readonly again: (guid: string) => Promise<void>
}

async function dispatching(handlers: DeliveryHandlers): Promise<Dispatching> {
  const inbox = createMemoryInbox()
  const log: string[] = []
  const sink = { write: (line: string) => log.push(line) }
  const probot = await openProbot({
    appId: 7,
    privateKey,
    apiUrl: 'http://127.0.0.1:9/api/v3',
    log: openLog({ level: 'info', secrets: [], sink }),
    handlers,
  })
  const again = createDispatch({ inbox, probot, handlers })
  return {
    inbox,
    log,
    again,
    async dispatch(event, payload) {
      const guid = randomUUID()
      const body = Buffer.from(JSON.stringify(payload))
      const action = Reflect.get(payload, 'action')
      await inbox.accept({
        guid,
        hookId: 1,
        event,
        action: typeof action === 'string' ? action : undefined,
        tenant: undefined,
        repository: undefined,
        body,
        bodySha256: createHash('sha256').update(body).digest('hex'),
      })
      await again(guid)
      return guid
    },
  }
}

const created = z.object({ action: z.literal('created'), comment: z.object({ id: z.int() }) })

describe('a stored delivery', () => {
  it('reaches who handles its event and its action, with its payload and its GUID, once concluded', async () => {
    const seen: unknown[] = []
    const { dispatch, inbox } = await dispatching({
      issue_comment: async (payload, guid) => void seen.push(['event', payload, guid]),
      'issue_comment.created': handling(
        created,
        async ({ comment }, guid) => void seen.push(['action', comment.id, guid]),
      ),
      'issue_comment.deleted': async () => void seen.push('deleted'),
    })
    const payload = { action: 'created', comment: { id: 5, body: '/status' } }
    const guid = await dispatch('issue_comment', payload)
    expect(seen).toHaveLength(2)
    expect(seen).toEqual(
      expect.arrayContaining([
        ['event', payload, guid],
        ['action', 5, guid],
      ]),
    )
    expect(inbox.outcomeOf(guid)).toEqual({ outcome: 'handled', words: 'issue_comment.created was handled.' })
  })

  it.each([
    ['an event that nobody handles', 'star', { action: 'created' }],
    ['an action that nobody handles', 'issue_comment', { action: 'edited' }],
    ['an event that GitHub will invent', 'quantum_merge', { action: 'entangled' }],
    ['an event without an action', 'fork', {}],
  ])('A18: of %s is ignored', async (_what, event, payload) => {
    const { dispatch, inbox } = await dispatching({
      'issue_comment.created': () => Promise.reject(new Error('reached')),
    })
    expect(inbox.outcomeOf(await dispatch(event, payload))?.outcome).toBe('ignored')
  })

  it('is tried again when handling it failed by something that may pass, and has no outcome until then', async () => {
    let attempts = 0
    const { dispatch, again, inbox } = await dispatching({
      push: async () => {
        attempts += 1
        if (attempts < 3)
          throw new RingwayError({ code: 'github_unreachable', kind: 'errored', message: 'No.', remedy: 'Wait.' })
      },
    })
    await expect(dispatch('push', {})).rejects.toThrow('No.')
    const [delivery] = inbox.deliveries
    const guid = delivery?.guid ?? ''
    await expect(again(guid)).rejects.toThrow('No.')
    expect(inbox.outcomeOf(guid)).toBeUndefined()
    await again(guid)
    expect([attempts, inbox.outcomeOf(guid)?.outcome]).toEqual([3, 'handled'])
  })

  it('is tried again when a mistake of ours broke it', async () => {
    const { dispatch } = await dispatching({ push: () => Promise.reject(new TypeError('undefined is no function')) })
    await expect(dispatch('push', {})).rejects.toThrow(TypeError)
  })

  it('has failed when the answer is no, whatever is tried', async () => {
    const { dispatch, inbox } = await dispatching({
      push: () => Promise.reject(new RingwayError({ code: 'frozen', message: 'The ring is frozen.', remedy: 'Wait.' })),
    })
    expect(inbox.outcomeOf(await dispatch('push', {}))).toEqual({
      outcome: 'failed',
      words: 'The ring is frozen. Wait.',
    })
  })

  it('has failed when its payload has another shape than its event, and says where', async () => {
    const { dispatch, inbox } = await dispatching({ issue_comment: handling(created, async () => {}) })
    const outcome = inbox.outcomeOf(await dispatch('issue_comment', { action: 'created', comment: { id: 'five' } }))
    expect(outcome).toMatchObject({ outcome: 'failed', words: expect.stringContaining('comment.id') })
  })

  it('that is no longer there is done with', async () => {
    const { again, inbox } = await dispatching({ push: () => Promise.reject(new Error('reached')) })
    await again(randomUUID())
    expect(inbox.deliveries).toEqual([])
  })

  it('leaves nothing of its payload in the log when it fails', async () => {
    const { dispatch, log } = await dispatching({ push: () => Promise.reject(new Error('broken')) })
    await expect(dispatch('push', { note: 'for-no-eyes', installation: { id: 1 } })).rejects.toThrow('broken')
    expect(log.join('')).toContain('broken')
    expect(log.join('')).not.toContain('for-no-eyes')
  })

  it('may be any that GitHub has published as an example', async () => {
    let handled = 0
    const everything = Object.fromEntries(webhookExamples.map(({ name }) => [name, async () => void (handled += 1)]))
    const { dispatch, inbox } = await dispatching(everything)
    for (const { name, examples: payloads } of webhookExamples)
      for (const payload of payloads) await dispatch(name, payload)
    expect(handled).toBeGreaterThan(300)
    expect(inbox.deliveries.filter(({ guid }) => inbox.outcomeOf(guid)?.outcome !== 'handled')).toEqual([])
  })
})

describe('the Octokit of Probot', () => {
  const requests: string[] = []
  const github = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const isToken = request.url?.endsWith('/access_tokens') === true
    response.writeHead(isToken ? 201 : 502, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify(isToken ? { token: 'ghs_x', expires_at: new Date(Date.now() + 3_600_000).toISOString() } : {}),
    )
  })
  let apiUrl = ''
  beforeAll(async () => {
    apiUrl = `http://127.0.0.1:${await listen(github)}/api/v3`
  })
  afterAll(() => close(github))

  it('sends a request once, whatever the answer', async () => {
    const log = openLog({ level: 'silent', secrets: [] })
    const probot = await openProbot({ appId: 7, privateKey, apiUrl, log, handlers: {} })
    const octokit = await probot.auth(5)
    const comment = octokit.request('POST /repos/a/b/issues/1/comments', { body: 'hello' })
    await expect(comment).rejects.toMatchObject({ status: 502 })
    expect(requests).toEqual([
      'POST /api/v3/app/installations/5/access_tokens',
      'POST /api/v3/repos/a/b/issues/1/comments',
    ])
  })
})
