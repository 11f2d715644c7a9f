import { randomUUID } from 'node:crypto'
import type { Observer } from '../api/observation.ts'
import type { WebhookFaults } from '../faults/webhook-faults.ts'
import type { WorldEvent } from '../world/event.ts'
import type { AppWebhook, GithubApp, Installation } from '../world/github-app.ts'
import type { World } from '../world.ts'
import type { Delivery } from './delivery.ts'
import { eventPayload } from './payload.ts'
import { send, signature } from './send.ts'

/** Milliseconds: GitHub redelivers what is not older than three days. */
const REDELIVERY_WINDOW = 3 * 24 * 3_600_000
/** Milliseconds that GitHub waits for an answer. */
const ANSWER_WITHIN = 10_000
const USER_AGENT = 'GitHub-Hookshot/5a1d0bb'

interface Parcel {
  readonly guid: string
  readonly app: GithubApp
  readonly webhook: AppWebhook
  readonly installation: Installation | null
  readonly repositoryId: number | null
  readonly event: string
  readonly action: string | null
  readonly body: string
  readonly isRedelivery: boolean
}

/** Tells Apps what happens, once each and in order, keeps a log, and sends again when asked. */
export class WebhookService {
  /** Oldest first. */
  readonly deliveries: Delivery[] = []
  readonly #world: World
  readonly #observe: Observer
  readonly #faults: WebhookFaults
  readonly #closing = new AbortController()
  readonly #underway = new Set<Promise<void>>()
  readonly #unsubscribe: () => void

  readonly #answerWithin: number

  constructor(parts: { world: World; observe: Observer; faults: WebhookFaults; answerWithin?: number }) {
    this.#answerWithin = parts.answerWithin ?? ANSWER_WITHIN
    this.#world = parts.world
    this.#observe = parts.observe
    this.#faults = parts.faults
    this.#unsubscribe = this.#world.subscribe(event => this.#hear(event))
  }

  /** Sends a delivery again under its own GUID, whatever the faults say. False when it is too old. */
  redeliver(delivery: Delivery): boolean {
    const { webhook } = delivery.app
    if (webhook === null || this.#world.now().getTime() - delivery.deliveredAt.getTime() > REDELIVERY_WINDOW)
      return false
    const { app, guid, installation, repositoryId, event, action } = delivery
    const parcel = {
      app,
      webhook,
      guid,
      installation,
      repositoryId,
      event,
      action,
      body: delivery.request.body,
      isRedelivery: true,
    }
    this.#track(this.#post(this.#record(parcel)))
    return true
  }

  /** Resolves when nothing is underway any more. */
  async settled(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway)
  }

  async close(): Promise<void> {
    this.#unsubscribe()
    this.#closing.abort(new Error('the sandbox is closing'))
    await this.settled()
  }

  #hear(event: WorldEvent): void {
    if (event.silent === true) return
    for (const installation of this.#world.installations.values()) {
      const { app } = installation
      if (app.webhook === null || !concerns(event, installation)) continue
      const payload = eventPayload(this.#world, event, installation)
      this.#observe({ kind: 'webhook', event: event.name, payload })
      this.#dispatch({
        guid: randomUUID(),
        app,
        webhook: app.webhook,
        installation,
        repositoryId: event.repository?.id ?? null,
        event: event.name,
        action: event.action,
        body: JSON.stringify(payload),
        isRedelivery: false,
      })
    }
  }

  #dispatch(parcel: Parcel): void {
    const fate = this.#faults.fateOf({ event: parcel.event, action: parcel.action })
    if (fate.kind === 'lose') return
    if (fate.kind === 'drop') {
      this.#record(parcel).outcome = { kind: 'failed', reason: 'dropped by a fault', seconds: 0 }
      return
    }
    for (const delayMs of fate.delaysMs) this.#track(this.#later(delayMs, this.#record(parcel)))
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#underway.delete(tracked))
    this.#underway.add(tracked)
  }

  async #later(delayMs: number, delivery: Delivery): Promise<void> {
    try {
      if (delayMs > 0) await this.#world.clock.sleep(delayMs, this.#closing.signal)
    } catch {
      delivery.outcome = { kind: 'failed', reason: 'the sandbox is closing', seconds: 0 }
      return
    }
    await this.#post(delivery)
  }

  async #post(delivery: Delivery): Promise<void> {
    const url = delivery.app.webhook?.url
    if (url === undefined) return
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#answerWithin)])
    delivery.outcome = await send(url, delivery, signal)
  }

  #record(parcel: Parcel): Delivery {
    const { guid, app, webhook, installation, repositoryId, event, action, body, isRedelivery } = parcel
    const headers = {
      accept: '*/*',
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      'x-github-delivery': guid,
      'x-github-event': event,
      'x-github-hook-id': String(webhook.id),
      'x-github-hook-installation-target-id': String(app.id),
      'x-github-hook-installation-target-type': 'integration',
      'x-hub-signature-256': signature(webhook.secret, body),
    }
    const delivery: Delivery = {
      id: this.#world.nextId('delivery'),
      guid,
      app,
      installation,
      repositoryId,
      event,
      action,
      isRedelivery,
      deliveredAt: this.#world.now(),
      request: { headers, body },
      outcome: { kind: 'pending' },
    }
    this.deliveries.push(delivery)
    return delivery
  }
}

/** Events that an App gets without asking for them. */
const ALWAYS: ReadonlySet<string> = new Set(['installation', 'installation_repositories', 'github_app_authorization'])
/** Check events go to every App that may write checks, for its own checks and suites. */
const CHECKS: ReadonlySet<string> = new Set(['check_run', 'check_suite'])

function concerns(event: WorldEvent, installation: Installation): boolean {
  const { app, account, repositoryIds, events } = installation
  if (event.onlyApp !== undefined && event.onlyApp !== app) return false
  const { repository } = event
  if (repository !== null && (repository.owner !== account || !(repositoryIds?.has(repository.id) ?? true)))
    return false
  if (ALWAYS.has(event.name) || events.includes(event.name)) return true
  return CHECKS.has(event.name) && event.onlyApp === app
}
