import { checkRunWebhook, checkSuiteWebhook, createWebhook, pushWebhook, statusWebhook } from './commit-webhooks.ts'
import { issueCommentWebhook, pullRequestReviewWebhook, pullRequestWebhook } from './conversation-webhooks.ts'
import {
  deploymentProtectionRuleWebhook,
  deploymentReviewWebhook,
  deploymentStatusWebhook,
  deploymentWebhook,
  workflowRunWebhook,
} from './deployment-webhooks.ts'
import {
  installationRepositoriesWebhook,
  installationWebhook,
  membershipWebhook,
  memberWebhook,
  repositoryWebhook,
} from './installation-webhooks.ts'

/**
 * Checked decoders of webhooks, by `X-GitHub-Event`: of each payload only what is used, in our words. They never throw: `safeParse` says
 * where a payload is not what GitHub documents.
 */
export const webhookPayloads = {
  check_run: checkRunWebhook,
  check_suite: checkSuiteWebhook,
  create: createWebhook,
  deployment: deploymentWebhook,
  deployment_protection_rule: deploymentProtectionRuleWebhook,
  deployment_review: deploymentReviewWebhook,
  deployment_status: deploymentStatusWebhook,
  installation: installationWebhook,
  installation_repositories: installationRepositoriesWebhook,
  issue_comment: issueCommentWebhook,
  member: memberWebhook,
  membership: membershipWebhook,
  pull_request: pullRequestWebhook,
  pull_request_review: pullRequestReviewWebhook,
  push: pushWebhook,
  repository: repositoryWebhook,
  status: statusWebhook,
  workflow_run: workflowRunWebhook,
} as const
