import * as z from 'zod'
import { type GateVerdict, gateNames } from '../../../src/domain/gates/gate-verdict.ts'
import { type Promotion, promotionStates } from '../../../src/domain/promotion.ts'
import { nameOf, reason } from './deployment.ts'
import { instant } from './instant.ts'
import { person } from './person.ts'

/** What a gate says. */
export const verdict = z.object({
  gate: z.enum(gateNames),
  verdict: z.enum(['pass', 'wait', 'fail', 'inconclusive', 'errored']),
  reason,
  words: z.string(),
  until: instant.nullable().describe('When it will pass by itself.'),
  remedy: z.string().nullable(),
})

/** The request to place a version in a ring. */
export const promotion = z.object({
  id: z.string(),
  solution: z.string(),
  ring: z.string(),
  state: z.enum(promotionStates),
  task: z.enum(['deploy', 'rollback']),
  version: z.string().nullable().describe('Such as v12; null for a draft.'),
  digest: z.string(),
  commit: z.string(),
  baseline: z.string().nullable().describe('What the ring pointed to when it was requested, by digest.'),
  requested_by: person,
  source: z.enum(['comment', 'button', 'api', 'run', 'automatic']),
  reason: z.string().nullable().describe('The words of whoever asked.'),
  parameters: z.record(z.string(), z.string()),
  hotfix: z.boolean(),
  override: z.object({ by: person, reason: z.string() }).nullable(),
  pull_request: z.int().nullable(),
  requested_at: instant,
  expires_at: instant,
  end: z.object({ reason, words: z.string() }).nullable().describe('Why it ended, or what holds it.'),
  superseded_by: z.string().nullable(),
  deployment: z.int().nullable(),
  run_id: z.int().nullable(),
})

/** Writes a promotion. */
export function presentPromotion(found: Promotion): z.output<typeof promotion> {
  const { id, key, state, task, candidate, requestedBy, source, parameters, hotfix, override } = found
  return {
    id,
    solution: key.solution,
    ring: key.ring,
    state,
    task,
    version: nameOf(candidate),
    digest: candidate.digest,
    commit: candidate.commit,
    baseline: found.baseline ?? null,
    requested_by: requestedBy,
    source: source.kind,
    reason: found.reason ?? null,
    parameters: { ...parameters },
    hotfix,
    override: override ?? null,
    pull_request: found.pullRequest ?? null,
    requested_at: found.requestedAt,
    expires_at: found.expiresAt,
    end: found.end ?? null,
    superseded_by: found.supersededBy ?? null,
    deployment: found.deployment ?? null,
    run_id: found.run ?? null,
  }
}

/** Writes what a gate says. */
export function presentVerdict({ until, remedy, ...said }: GateVerdict): z.output<typeof verdict> {
  return { ...said, until: until ?? null, remedy: remedy ?? null }
}
