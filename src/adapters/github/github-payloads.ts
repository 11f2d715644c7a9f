import * as z from 'zod'
import { account, instant, sha } from './payload-parts.ts'

/** Checked decoders of what GitHub answers: only the fields that are used, and nothing is believed unread. */

export const branchPayload = z.object({
  name: z.string(),
  commit: z.object({ sha }),
  protection: z.object({ required_status_checks: z.object({ contexts: z.array(z.string()) }).optional() }).optional(),
})

export const rulesPayload = z.array(
  z.object({
    type: z.string(),
    parameters: z.object({ required_status_checks: z.array(z.object({ context: z.string() })).optional() }).optional(),
  }),
)

export const contentPayload = z.object({ type: z.literal('file'), encoding: z.string(), content: z.string() })

export const deploymentPayload = z.object({
  id: z.number(),
  sha,
  task: z.string(),
  environment: z.string(),
  payload: z.unknown(),
  creator: account,
  created_at: instant,
})

export const deploymentStatusPayload = z.object({
  state: z.string(),
  description: z.string(),
  creator: account,
  created_at: instant,
  log_url: z.string().optional(),
  environment_url: z.string().optional(),
})

export const protectionRulesPayload = z.object({
  custom_deployment_protection_rules: z.array(z.object({ enabled: z.boolean() })).optional(),
})

export const environmentPayload = z.object({
  protection_rules: z.array(z.object({ type: z.string() })).optional(),
})

export const runPayload = z.object({ id: z.number(), html_url: z.string(), status: z.string().nullable() })

export const runsPayload = z.object({
  workflow_runs: z.array(
    z.object({ id: z.number(), html_url: z.string(), status: z.string().nullable(), display_title: z.string() }),
  ),
})

export const dispatchPayload = z.object({ workflow_run_id: z.number(), html_url: z.string() })

export const checkRunsPayload = z.object({
  check_runs: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      details_url: z.string().nullish(),
      app: z.object({ slug: z.string().optional() }).nullish(),
    }),
  ),
})

export const combinedStatusPayload = z.object({
  statuses: z.array(z.object({ context: z.string(), state: z.string() })),
})

export const refPayload = z.object({ ref: z.string(), object: z.object({ type: z.string(), sha: z.string() }) })

export const refsPayload = z.array(refPayload)

export const tagPayload = z.object({
  sha: z.string(),
  tag: z.string(),
  message: z.string(),
  object: z.object({ type: z.string(), sha: z.string() }),
})
