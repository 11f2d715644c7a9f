import published from '@octokit/webhooks-examples'
import * as z from 'zod'

/** Payloads that GitHub sent, by their event; more than 300. Source: https://github.com/octokit/webhooks */
export const webhookExamples = z
  .array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }))
  .parse(published)
