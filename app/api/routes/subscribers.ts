import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { auditSubject } from '../../../src/domain/audit/audit-subject.ts'
import { RingwayError } from '../../../src/domain/ringway-error.ts'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import type { ControlTransaction, Subscriber } from '../../../src/ports/control-store.ts'
import type { AdmittedPerson } from '../admit.ts'
import { invalidRequest } from '../invalid-request.ts'
import { instant } from '../resources/instant.ts'
import { exampleRepository, ofRepository, repositoryKeyOf, repositoryPlaces } from '../resources/places.ts'
import { type ApiRoute, adminRoute, noBody, nothing } from '../route.ts'

const subscriber = z.object({
  id: z.int(),
  url: z.string(),
  types: z.array(z.string()).describe('The types of events that it is told of; empty: all.'),
  created_at: instant,
  disabled: z.object({ at: instant, words: z.string() }).nullable().describe('Since when and why it is told nothing.'),
  delivered_seq: z.int().describe('Of the last event that it has, or did not want.'),
  failures: z.int().describe('How many attempts failed since the last one that did not.'),
})

const wish = z.strictObject({
  url: z.url().max(2_000).describe('HTTPS. Plain HTTP only on the machine of the App, where its operator lets it.'),
  types: z
    .array(z.string().regex(/^[a-z_]+(?:\.[a-z_]+)*$/))
    .max(50)
    .default([]),
})

/** What subscribing needs besides the store. */
export interface SubscriberSettings {
  /** Whether they may be at addresses that not everybody reaches. */
  readonly reach: 'public' | 'private'
}

/** As many as a repository may have: each event is sent to every one. */
const most = 20

/** Who is told what happens in a repository. */
export function subscriberRoutes(control: ControlPorts, { reach }: SubscriberSettings): readonly ApiRoute[] {
  return [
    adminRoute({
      id: 'listSubscribers',
      method: 'GET',
      path: `${ofRepository}/subscribers`,
      summary: 'Who is told what happens in a repository.',
      params: repositoryPlaces,
      query: nothing,
      body: noBody,
      answer: z.object({ items: z.array(subscriber) }),
      example: { params: exampleRepository, query: {}, body: undefined },
      async handle({ who }) {
        const key = repositoryKeyOf(who)
        const found = await control.store.transaction(key, tx => tx.subscribers.list(key.repository))
        return { items: found.map(present) }
      },
    }),
    adminRoute({
      id: 'addSubscriber',
      method: 'POST',
      path: `${ofRepository}/subscribers`,
      summary: 'Tells a URL what happens from now on, as Standard Webhooks.',
      params: repositoryPlaces,
      query: nothing,
      body: wish,
      status: 201,
      answer: subscriber.extend({ secret: z.string().describe('Signs what is sent. It is shown this once.') }),
      example: { params: exampleRepository, query: {}, body: { url: 'https://hooks.example/ringway' } },
      async handle({ who, body, requestId, idempotencyKey }) {
        expectUrl(body.url, reach)
        const key = repositoryKeyOf(who)
        const added = await control.store.transaction(key, tx => add(tx, { ...body, who, requestId, idempotencyKey }))
        return { ...present(added), secret: added.secret }
      },
    }),
    adminRoute({
      id: 'removeSubscriber',
      method: 'DELETE',
      path: `${ofRepository}/subscribers/{id}`,
      summary: 'Tells a subscriber nothing any more, and forgets it.',
      params: repositoryPlaces.extend({ id: z.coerce.number().int().positive() }),
      query: nothing,
      body: noBody,
      answer: subscriber,
      example: { params: { ...exampleRepository, id: 1 }, query: {}, body: undefined },
      handle: async ({ who, params, requestId }) =>
        await control.store.transaction(repositoryKeyOf(who), async tx => {
          const { repository } = repositoryKeyOf(who)
          const found = await tx.subscribers.read(params.id)
          if (found?.repository !== repository) throw notThere(params.id)
          await tx.subscribers.remove(found.id)
          await note(tx, { who, requestId, action: 'subscriber.removed', subscriber: found })
          return present(found)
        }),
    }),
  ]
}

interface Wish extends z.output<typeof wish> {
  readonly who: AdmittedPerson
  readonly requestId: string
  readonly idempotencyKey: string | undefined
}

/** A request whose answer was lost is given the subscriber that it made, with its secret. */
async function add(
  tx: ControlTransaction,
  { url, types, who, requestId, idempotencyKey }: Wish,
): Promise<Subscriber & { readonly secret: string }> {
  const { repository } = repositoryKeyOf(who)
  const there = await tx.subscribers.list(repository)
  const command = { key: `subscriber ${idempotencyKey}`, actor: who.person.id, admitted: true }
  if (idempotencyKey !== undefined && !(await tx.commands.take(command))) {
    const made = there.findLast(one => one.url === url)
    return await readBack(tx, made?.id ?? 0)
  }
  if (there.length >= most) throw tooMany()
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  const added = await readBack(tx, await tx.subscribers.add({ repository, url, secret, types }))
  await note(tx, { who, requestId, action: 'subscriber.added', subscriber: added })
  return added
}

async function readBack(tx: ControlTransaction, id: number): Promise<Subscriber & { readonly secret: string }> {
  const found = await tx.subscribers.read(id)
  if (found === undefined) throw notThere(id)
  return found
}

async function note(
  tx: ControlTransaction,
  done: {
    readonly who: AdmittedPerson
    readonly requestId: string
    readonly action: 'subscriber.added' | 'subscriber.removed'
    readonly subscriber: Subscriber
  },
): Promise<void> {
  const { id, url, types } = done.subscriber
  const facts = { url, types: [...types] }
  const isNew = done.action === 'subscriber.added'
  await tx.audit.append({
    actor: done.who.person,
    cause: { kind: 'api', id: done.requestId },
    action: done.action,
    subject: auditSubject(repositoryKeyOf(done.who), { kind: 'subscriber', id }),
    before: isNew ? null : facts,
    after: isNew ? facts : null,
  })
}

/** Where it leads is judged again when it is told something: names change their addresses. */
function expectUrl(text: string, reach: SubscriberSettings['reach']): void {
  const url = new URL(text)
  const isPlain = url.username === '' && url.password === ''
  const isLoopback = /^(?:localhost|127(?:\.[0-9]+){3}|\[::1\])$/.test(url.hostname)
  if (isPlain && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback && reach === 'private'))) return
  throw invalidRequest([{ where: 'body.url', words: 'Expected an https URL without a user and a password in it' }])
}

function present(found: Subscriber): z.output<typeof subscriber> {
  const { id, url, types, createdAt, disabled, deliveredSeq, failures } = found
  return {
    id,
    url,
    types: [...types],
    created_at: createdAt,
    disabled: disabled ?? null,
    delivered_seq: deliveredSeq,
    failures,
  }
}

function notThere(id: number): RingwayError {
  return new RingwayError({
    code: 'not_found',
    message: `The repository has no subscriber ${id}.`,
    remedy: 'Look at its list of subscribers.',
  })
}

function tooMany(): RingwayError {
  return new RingwayError({
    code: 'request_invalid',
    message: `The repository has ${most} subscribers, and may have no more.`,
    remedy: 'Remove one, or let one receiver pass events on.',
  })
}
