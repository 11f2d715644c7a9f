import * as z from 'zod'
import { deploymentStates } from '../../../domain/deployment.ts'
import type { Deed, Display, Effect } from '../../../domain/effect.ts'
import type { EffectRecord, FailedEffect } from '../../../ports/control-store.ts'
import { instant, reason, whole } from './columns.ts'

/** A kind that is added to the domain and not here does not compile. */
const deeds: { readonly [K in Deed['kind']]: z.ZodType<Extract<Deed, { kind: K }>> } = {
  open_deployment: z.object({ kind: z.literal('open_deployment'), deployment: whole }),
  dispatch_run: z.object({ kind: z.literal('dispatch_run'), promotion: z.string() }),
  review_job: z.object({
    kind: z.literal('review_job'),
    run: whole,
    environment: z.string(),
    answer: z.enum(['approved', 'rejected']),
    words: z.string(),
  }),
  cancel_run: z.object({ kind: z.literal('cancel_run'), run: whole }),
  label_pull_request: z.object({
    kind: z.literal('label_pull_request'),
    pullRequest: whole,
    deployment: whole,
    outcome: z.enum(['success', 'failure']),
  }),
  deployment_status: z
    .object({
      kind: z.literal('deployment_status'),
      deployment: whole,
      state: z.enum(deploymentStates),
      failure: z.enum(['failed', 'errored']),
      reason: reason.optional(),
      words: z.string(),
    })
    .transform(deed => ({ ...deed, reason: deed.reason })),
  react: z.object({
    kind: z.literal('react'),
    comment: whole,
    reaction: z.enum(['eyes', 'rocket', '+1', '-1', 'confused']),
  }),
}

const displays: { readonly [K in Display['kind']]: z.ZodType<Extract<Display, { kind: K }>> } = {
  promotion: z.object({ kind: z.literal('promotion'), promotion: z.string() }),
  commit_status: z.object({ kind: z.literal('commit_status'), deployment: whole }),
  conversation: z.object({ kind: z.literal('conversation'), issue: whole }),
}

const place = { repository: z.object({ tenant: whole, repository: whole }), lane: z.string(), key: z.string() }
const effect: z.ZodType<Effect> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('deed'), ...place, deed: z.union(Object.values(deeds)) }),
  z.object({ type: z.literal('display'), ...place, display: z.union(Object.values(displays)) }),
])

const row = z.object({
  effect,
  state: z.enum(['wanted', 'begun', 'done', 'failed']),
  revision: whole,
  attempts: whole,
  wanted_at: instant,
})

/** A row of `effect`. */
export const effectShape = row.transform(asRecord)

/** A row of `effect` whose `failure` says what GitHub said. */
export const failedEffectShape = row
  .extend({ seq: whole, failure: z.string() })
  .transform(({ seq, failure: words, ...rest }): FailedEffect => ({ ...asRecord(rest), seq, words }))

function asRecord({ wanted_at: wantedAt, ...rest }: z.output<typeof row>): EffectRecord {
  return { ...rest, wantedAt }
}

/** What GitHub gave. */
export const receiptShape = z.record(z.string(), z.union([z.string(), z.number()]))
