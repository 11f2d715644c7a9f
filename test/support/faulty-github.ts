import type { ApiFault } from '../../src/sandbox/faults/api-fault.ts'
import type { WebhookFault } from '../../src/sandbox/faults/webhook-faults.ts'
import type { ControlBench } from './control-bench.ts'

/** A GitHub that goes wrong in one way. */
export interface FaultyGithub {
  readonly what: string
  readonly api?: readonly ApiFault[]
  readonly webhooks?: readonly WebhookFault[]
}

/** Of four kinds together about every fifth call: jobs ask four times, and then it is GitHub that does not answer. */
const often = { probability: 0.05, times: 8 } as const
/** People look at the page and try again, or wait; that is not what is tried here. */
const by = ['job', 'installation', 'app'] as const

/** The ways in which GitHub goes wrong, each for a while: then it is well again. */
export const faultyGithubs: readonly FaultyGithub[] = [
  {
    what: 'three of ten webhooks are dropped, doubled or late',
    webhooks: [
      { on: '*', kind: 'drop', probability: 0.1 },
      { on: '*', kind: 'duplicate', probability: 0.1, delayMs: 300 },
      { on: '*', kind: 'reorder', probability: 0.1, delayMs: 1_500 },
    ],
  },
  {
    what: 'calls are answered 502 although they took effect, or not at all',
    api: [
      { on: '*', by, kind: 'error', status: 502, when: 'after', ...often },
      { on: '*', by, kind: 'cut', when: 'after', ...often },
      { on: '*', by, kind: 'error', status: 503, when: 'before', ...often },
      { on: '*', by, kind: 'cut', when: 'before', ...often },
    ],
  },
  {
    what: 'it limits calls',
    api: [
      { on: 'POST *', by, kind: 'secondary_rate_limit', status: 403, retryAfterSeconds: 2, skip: 6, times: 2 },
      { on: 'PATCH *', by, kind: 'secondary_rate_limit', status: 429, retryAfterSeconds: 1, skip: 2, times: 2 },
      { on: 'GET *', by, kind: 'primary_rate_limit', status: 403, resetInSeconds: 3, skip: 40, times: 1 },
    ],
  },
  {
    what: 'it limits calls and does not say for how long',
    api: [{ on: 'POST *', by, kind: 'secondary_rate_limit', status: 403, skip: 4, times: 1 }],
  },
]

/** Lets it go wrong from now on. */
export function breakGithub({ sandbox }: ControlBench, { api = [], webhooks = [] }: FaultyGithub): void {
  for (const fault of api) sandbox.faults.api.add(fault)
  for (const fault of webhooks) sandbox.faults.webhooks.add(fault)
}

/** From now on all goes well. */
export function mendGithub({ sandbox }: ControlBench): void {
  sandbox.faults.api.clear()
  sandbox.faults.webhooks.clear()
}
