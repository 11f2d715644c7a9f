import * as z from 'zod'
import { account, sha } from '../payload-parts.ts'
import { runRecordPayload } from '../run-payloads.ts'
import { originOf, originShape } from './webhook-origin.ts'

const deployment = z
  .object({
    id: z.number(),
    sha,
    ref: z.string(),
    task: z.string(),
    environment: z.string(),
    payload: z.unknown().optional(),
    creator: account,
    performed_via_github_app: z.object({ id: z.number(), slug: z.string().optional() }).nullish(),
  })
  .transform(value => ({
    id: value.id,
    commit: value.sha,
    /** Empty when it was made for a commit. */
    ref: value.ref,
    task: value.task,
    environment: value.environment,
    /** Whatever its creator wrote. */
    payload: value.payload,
    creator: value.creator,
    /** The slug of the App that made it; `github-actions` for a job's own. */
    app: value.performed_via_github_app?.slug,
  }))

const runId = z.object({ id: z.number() }).nullish()

/** The only place where GitHub names the run. The address itself is never used: who could forge it would be sent a token. */
const callbackUrl = z
  .string()
  .regex(/\/actions\/runs\/[1-9][0-9]{0,14}\/deployment_protection_rule$/)
  .transform(url => Number(/\/runs\/([0-9]+)\/deployment_protection_rule$/.exec(url)?.[1]))

/** `deployment_protection_rule`: a job waits for our decision. */
export const deploymentProtectionRuleWebhook = z
  .object({
    ...originShape,
    action: z.string(),
    environment: z.string(),
    event: z.string().optional(),
    deployment_callback_url: callbackUrl,
    deployment,
    pull_requests: z.array(z.object({ number: z.number() })).default([]),
  })
  .transform(({ action, environment, event, deployment_callback_url: run, pull_requests, ...rest }) => ({
    ...originOf(rest),
    action,
    environment,
    /** The id of the run whose job waits. */
    run,
    /** What started the run. */
    event,
    deployment: rest.deployment,
    pulls: pull_requests.map(({ number }) => number),
  }))

const jobRun = z.object({ environment: z.string().nullish() })

/** `deployment_review`: people are asked to review an environment, or did. */
export const deploymentReviewWebhook = z
  .object({
    ...originShape,
    action: z.string(),
    environment: z.string().nullish(),
    workflow_run: runRecordPayload.nullish(),
    workflow_job_run: jobRun.nullish(),
    workflow_job_runs: z.array(jobRun).default([]),
    approver: account,
    requestor: account,
    comment: z.string().nullish(),
  })
  .transform(({ action, environment, workflow_run, workflow_job_run, workflow_job_runs, ...rest }) => {
    const named = [environment, workflow_job_run?.environment, ...workflow_job_runs.map(job => job.environment)]
    return {
      ...originOf(rest),
      action,
      environments: [...new Set(named.filter(name => typeof name === 'string'))],
      run: workflow_run ?? undefined,
      /** Who approved or rejected. */
      reviewer: rest.approver,
      /** Who started what is to be reviewed. */
      requester: rest.requestor,
      comment: rest.comment ?? '',
    }
  })

/** `deployment`. `run`: the id of the run whose job made it. */
export const deploymentWebhook = z
  .object({ ...originShape, action: z.string(), deployment, workflow_run: runId })
  .transform(({ action, workflow_run, ...rest }) => ({
    ...originOf(rest),
    action,
    deployment: rest.deployment,
    run: workflow_run?.id,
  }))

/** `deployment_status`. GitHub sends none for `inactive`. */
export const deploymentStatusWebhook = z
  .object({
    ...originShape,
    action: z.string(),
    deployment,
    deployment_status: z.object({
      id: z.number(),
      state: z.string(),
      description: z.string(),
      creator: account,
      log_url: z.string().optional(),
      environment_url: z.string().optional(),
    }),
    workflow_run: runId,
  })
  .transform(({ action, deployment_status: status, workflow_run, ...rest }) => ({
    ...originOf(rest),
    action,
    deployment: rest.deployment,
    status: {
      id: status.id,
      state: status.state,
      description: status.description,
      creator: status.creator,
      logUrl: status.log_url || undefined,
      environmentUrl: status.environment_url || undefined,
    },
    run: workflow_run?.id,
  }))

/** `workflow_run`. */
export const workflowRunWebhook = z
  .object({ ...originShape, action: z.string(), workflow_run: runRecordPayload })
  .transform(({ action, workflow_run: run, ...origin }) => ({ ...originOf(origin), action, run }))
