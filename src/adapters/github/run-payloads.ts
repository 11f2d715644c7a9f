import * as z from 'zod'
import type { RunRecord } from '../../ports/run-records.ts'
import { account, instant, sha } from './payload-parts.ts'

/** A workflow run, as the API answers it and as it stands in webhooks. */
export const runRecordPayload = z
  .object({
    id: z.number(),
    html_url: z.string(),
    display_title: z.string().nullish(),
    status: z.string().nullable(),
    conclusion: z.string().nullish(),
    event: z.string(),
    path: z.string().nullish(),
    head_branch: z.string().nullish(),
    head_sha: sha,
    run_attempt: z.number().nullish(),
    actor: account,
    triggering_actor: account,
    created_at: instant,
  })
  .transform(
    (run): RunRecord => ({
      id: run.id,
      url: run.html_url,
      title: run.display_title ?? '',
      status: run.status ?? 'queued',
      conclusion: run.conclusion ?? undefined,
      event: run.event,
      // GitHub may put the branch behind the path.
      workflow: (run.path ?? '').replace(/@.*$/, ''),
      headBranch: run.head_branch ?? undefined,
      headCommit: run.head_sha,
      attempt: run.run_attempt ?? 1,
      actor: run.actor,
      triggeredBy: run.triggering_actor,
      createdAt: run.created_at,
    }),
  )
