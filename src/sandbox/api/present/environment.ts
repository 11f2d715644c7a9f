import type { BranchPolicy, CustomProtectionRule, Environment, Reviewer } from '../../world/environment.ts'
import type { GithubApp } from '../../world/github-app.ts'
import type { Repository } from '../../world/repository.ts'
import type { World } from '../../world.ts'
import { nodeId } from './node-id.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'
import { presentTeam } from './team.ts'
import { presentUser } from './user.ts'

export function presentEnvironment(
  world: World,
  repository: Repository,
  environment: Environment,
): Record<string, unknown> {
  const name = encodeURIComponent(environment.name)
  return {
    id: environment.id,
    node_id: nodeId('EN', environment.id),
    name: environment.name,
    url: `${repositoryUrl(world, repository)}/environments/${name}`,
    html_url: `${repositoryPage(world, repository)}/deployments/activity_log?environments_filter=${name}`,
    created_at: environment.createdAt,
    updated_at: environment.updatedAt,
    can_admins_bypass: environment.canAdminsBypass,
    protection_rules: presentRules(world, environment),
    deployment_branch_policy:
      environment.branchPolicy === null
        ? null
        : {
            protected_branches: environment.branchPolicy === 'protected',
            custom_branch_policies: environment.branchPolicy === 'custom',
          },
  }
}

function presentRules(world: World, environment: Environment): Record<string, unknown>[] {
  const { ruleIds, waitTimer, reviewers, branchPolicy, preventSelfReview } = environment
  const rule = (id: number, type: string, more: object = {}): Record<string, unknown> => ({
    id,
    node_id: nodeId('GA', id),
    type,
    ...more,
  })
  return [
    ...(waitTimer === 0 ? [] : [rule(ruleIds.waitTimer, 'wait_timer', { wait_timer: waitTimer })]),
    ...(reviewers.length === 0
      ? []
      : [
          rule(ruleIds.reviewers, 'required_reviewers', {
            prevent_self_review: preventSelfReview,
            reviewers: reviewers.map(each => presentReviewer(world, each)),
          }),
        ]),
    ...(branchPolicy === null ? [] : [rule(ruleIds.branchPolicy, 'branch_policy')]),
  ]
}

function presentReviewer(world: World, reviewer: Reviewer): Record<string, unknown> {
  return {
    type: reviewer.type,
    reviewer: reviewer.type === 'User' ? presentUser(world, reviewer.reviewer) : presentTeam(world, reviewer.reviewer),
  }
}

export function presentBranchPolicy(policy: BranchPolicy): Record<string, unknown> {
  return { id: policy.id, node_id: nodeId('GBP', policy.id), name: policy.name, type: policy.type }
}

export function presentRuleApp(world: World, app: GithubApp): Record<string, unknown> {
  return {
    id: app.id,
    slug: app.slug,
    integration_url: `${world.apiUrl}/apps/${app.slug}`,
    node_id: nodeId('A', app.id),
  }
}

export function presentCustomRule(world: World, rule: CustomProtectionRule): Record<string, unknown> {
  return { id: rule.id, node_id: nodeId('GA', rule.id), enabled: rule.enabled, app: presentRuleApp(world, rule.app) }
}
