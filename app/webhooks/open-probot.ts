import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { Probot, ProbotOctokit } from 'probot'
import type { DeliveryHandlers, EventName } from './handlers.ts'

/** What Probot is made of. */
export interface ProbotParts {
  readonly appId: number
  /** PEM. */
  readonly privateKey: string
  readonly apiUrl: string
  readonly log: Logger
  readonly handlers: DeliveryHandlers
}

/**
 * Octokit that sends a request once. Its own retries and throttling would send again what GitHub may have done already, and would wait
 * where only our budget knows for how long. A function, because what Probot adds to the options comes before it and would undo an object.
 */
const OctokitThatAsksOnce = ProbotOctokit.defaults((options: object) => ({
  ...options,
  retry: { enabled: false },
  throttle: { enabled: false },
}))

/** Probot without its HTTP server, which would acknowledge before anything is stored: deliveries come to `receive` from the inbox. */
export async function openProbot({ appId, privateKey, apiUrl, log, handlers }: ProbotParts): Promise<Probot> {
  const probot = new Probot({
    appId,
    privateKey,
    baseUrl: apiUrl,
    log,
    Octokit: OctokitThatAsksOnce,
    // It verifies nothing here; without one it would take a word that everybody knows.
    secret: randomBytes(32).toString('hex'),
  })
  await probot.ready()
  for (const name of handledEvents(handlers)) {
    probot.on(name, async ({ id, payload }) => handlers[name]?.(payload, id))
  }
  return probot
}

/** The events that somebody handles. */
export function handledEvents(handlers: DeliveryHandlers): readonly EventName[] {
  // The keys of an object literal that the compiler has checked against the list of events.
  return Object.keys(handlers) as EventName[]
}
