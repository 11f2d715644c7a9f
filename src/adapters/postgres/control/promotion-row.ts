import * as z from 'zod'
import { type GateVerdict, gateNames } from '../../../domain/gates/gate-verdict.ts'
import { type Promotion, type PromotionSource, promotionStates } from '../../../domain/promotion.ts'
import { absent, commit, dateOf, digest, instant, jsonInstant, reason, understood, whole } from './columns.ts'
import type { Row } from './row-statements.ts'
import { storableJson } from './storable.ts'

/** A kind of source that is added to the domain and not here does not compile. */
const sources: { readonly [K in PromotionSource['kind']]: z.ZodType<Extract<PromotionSource, { kind: K }>> } = {
  comment: z.object({ kind: z.literal('comment'), issue: whole, comment: whole }),
  button: z
    .object({ kind: z.literal('button'), checkRun: whole, issue: whole.optional() })
    .transform(source => ({ ...source, issue: source.issue })),
  api: z.object({ kind: z.literal('api') }),
  run: z.object({ kind: z.literal('run'), run: whole }),
  automatic: z.object({
    kind: z.literal('automatic'),
    after: z.enum(['build', 'ring_before', 'lost_run', 'failed_restore']),
  }),
}
const source: z.ZodType<PromotionSource> = z.union(Object.values(sources)).catch({ kind: 'api' })

const verdict: z.ZodType<GateVerdict> = z.object({
  gate: z.enum(gateNames),
  verdict: z.enum(['pass', 'wait', 'fail', 'inconclusive', 'errored']),
  reason,
  words: z.string(),
  until: jsonInstant.optional(),
  remedy: z.string().optional(),
})

const person = z.object({ id: whole, login: z.string() })

/** A row of `promotion` as the domain knows it. */
export const promotionShape = z
  .object({
    tenant: whole,
    id: z.string(),
    repository: whole,
    solution: z.string(),
    ring: z.string(),
    state: z.enum(promotionStates),
    task: z.enum(['deploy', 'rollback']),
    version: absent(whole),
    digest,
    commit,
    baseline: absent(digest),
    requester_id: whole,
    requester_login: z.string(),
    source,
    reason: absent(z.string()),
    parameters: z.record(z.string(), z.string()),
    hotfix: z.boolean(),
    override: absent(z.object({ by: person, reason: z.string() })),
    pull_request: absent(whole),
    requested_at: instant,
    expires_at: instant,
    verdicts: understood(verdict),
    end_reason: absent(reason),
    end_words: absent(z.string()),
    superseded_by: absent(z.string()),
    deployment: absent(whole),
    run: absent(whole),
    waiting_job: absent(whole),
  })
  .transform((row): Promotion => {
    const { tenant, repository, solution, ring } = row
    return {
      id: row.id,
      key: { tenant, repository, solution, ring },
      state: row.state,
      task: row.task,
      candidate: { version: row.version, digest: row.digest, commit: row.commit },
      baseline: row.baseline,
      requestedBy: { id: row.requester_id, login: row.requester_login },
      source: row.source,
      reason: row.reason,
      parameters: row.parameters,
      hotfix: row.hotfix,
      override: row.override,
      pullRequest: row.pull_request,
      requestedAt: row.requested_at,
      expiresAt: row.expires_at,
      verdicts: row.verdicts,
      end: row.end_reason === undefined ? undefined : { reason: row.end_reason, words: row.end_words ?? '' },
      supersededBy: row.superseded_by,
      deployment: row.deployment,
      run: row.run,
      waitingJob: row.waiting_job,
    }
  })

/** A promotion as a row of `promotion`, its id and its ring left out: they never change. */
export function promotionRow(promotion: Promotion): Row {
  const { candidate, requestedBy, override, end } = promotion
  return {
    state: promotion.state,
    task: promotion.task,
    version: candidate.version,
    digest: candidate.digest,
    commit: candidate.commit,
    baseline: promotion.baseline,
    requester_id: requestedBy.id,
    requester_login: requestedBy.login,
    source: storableJson(promotion.source),
    reason: promotion.reason,
    parameters: storableJson(promotion.parameters),
    hotfix: promotion.hotfix,
    override: override === undefined ? null : storableJson(override),
    pull_request: promotion.pullRequest,
    requested_at: dateOf(promotion.requestedAt),
    expires_at: dateOf(promotion.expiresAt),
    verdicts: storableJson(promotion.verdicts),
    end_reason: end?.reason,
    end_words: end?.words,
    superseded_by: promotion.supersededBy,
    deployment: promotion.deployment,
    run: promotion.run,
    waiting_job: promotion.waitingJob,
  }
}
