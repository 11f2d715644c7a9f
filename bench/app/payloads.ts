import { createHmac } from 'node:crypto'
import published from '@octokit/webhooks-examples/api.github.com/index.json' with { type: 'json' }
import { z } from 'zod'
import { recipient } from './recipient.ts'

const examplesOfEvents = z.array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }))

/** What GitHub sends, but for its GUID. */
export interface Payload {
  readonly event: string
  readonly body: Buffer
  /** `sha256=…` */
  readonly signature: string
}

/** Those of the events that the App hears which come most. */
const events: readonly string[] = [
  'check_run',
  'check_suite',
  'deployment',
  'deployment_status',
  'issue_comment',
  'pull_request',
  'push',
  'status',
  'workflow_run',
]

/** GitHub's own examples of what a busy repository causes, 14 kB in the mean, each for an installation, as an App gets them. */
export function readPayloads(): readonly Payload[] {
  return examplesOfEvents
    .parse(published)
    .filter(({ name }) => events.includes(name))
    .flatMap(({ name, examples }) =>
      examples.map(example => {
        const body = Buffer.from(JSON.stringify({ installation: { id: 7, node_id: 'I_7' }, ...example }))
        const signature = `sha256=${createHmac('sha256', recipient.secret).update(body).digest('hex')}`
        return { event: name, body, signature }
      }),
    )
}
