import * as z from 'zod'
import type { RunClaims } from '../../domain/policy/run-identity.ts'

const id = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/)
  .transform(Number)
const text = z.string().min(1)
const optionalText = z
  .string()
  .optional()
  .transform(value => (value === '' ? undefined : value))

/** Checked decoder of what an Actions token says; every claim that is used must be there in its form. */
export const actionsClaims = z
  .object({
    repository_id: id,
    repository: text,
    repository_owner_id: id,
    run_id: id,
    run_attempt: id,
    event_name: text,
    ref: text,
    ref_protected: z
      .enum(['true', 'false'])
      .optional()
      .transform(value => (value === undefined ? undefined : value === 'true')),
    workflow_ref: text,
    job_workflow_ref: optionalText,
    environment: optionalText,
    sha: text,
    actor_id: id,
    actor: text,
    runner_environment: text,
  })
  .transform(
    (claims): RunClaims => ({
      repositoryId: claims.repository_id,
      repository: claims.repository,
      ownerId: claims.repository_owner_id,
      runId: claims.run_id,
      runAttempt: claims.run_attempt,
      eventName: claims.event_name,
      ref: claims.ref,
      refProtected: claims.ref_protected,
      workflowRef: claims.workflow_ref,
      jobWorkflowRef: claims.job_workflow_ref,
      environment: claims.environment,
      sha: claims.sha,
      actorId: claims.actor_id,
      actor: claims.actor,
      runnerEnvironment: claims.runner_environment,
    }),
  )
