import * as z from 'zod'
import { RingwayError } from '../../domain/ringway-error.ts'
import type { EnvironmentInventory, EnvironmentProtection, Names } from '../../ports/environment-inventory.ts'
import type { AppIdentity } from './github-app.ts'
import type { GithubAnswer, GithubClient } from './github-client.ts'
import { account } from './payload-parts.ts'

const environmentRoute = 'GET /repos/{owner}/{repo}/environments/{environment_name}'
const repositoryRoute = 'GET /repos/{owner}/{repo}/actions'

const settingsPayload = z.object({
  secrets: z.array(z.object({ name: z.string() })).default([]),
  variables: z.array(z.object({ name: z.string() })).default([]),
})

const protectionPayload = z.object({
  can_admins_bypass: z.boolean().optional(),
  deployment_branch_policy: z.object({ protected_branches: z.boolean() }).nullish(),
  protection_rules: z
    .array(
      z.object({
        type: z.string(),
        wait_timer: z.number().optional(),
        prevent_self_review: z.boolean().optional(),
        reviewers: z
          .array(
            z.union([
              z.object({ type: z.literal('User'), reviewer: account }),
              z.object({ type: z.literal('Team'), reviewer: z.object({ slug: z.string() }) }),
            ]),
          )
          .optional(),
      }),
    )
    .default([]),
})

const customRulesPayload = z.object({
  custom_deployment_protection_rules: z
    .array(z.object({ enabled: z.boolean(), app: z.object({ slug: z.string() }) }))
    .default([]),
})

/** GitHub Environments, through GitHub's REST API. */
export function createGithubEnvironmentInventory(client: GithubClient, app: AppIdentity): EnvironmentInventory {
  const names = (route: string, environment?: string): Promise<Names> =>
    readNames(client, route, environment === undefined ? {} : { environment_name: environment })
  return {
    async settings(environment) {
      const [ofEnvironment, ofRepository, ofOrganisation] = await Promise.all([
        Promise.all([
          names(`${environmentRoute}/secrets`, environment),
          names(`${environmentRoute}/variables`, environment),
        ]),
        Promise.all([names(`${repositoryRoute}/secrets`), names(`${repositoryRoute}/variables`)]),
        Promise.all([
          names(`${repositoryRoute}/organization-secrets`),
          names(`${repositoryRoute}/organization-variables`),
        ]),
      ])
      return {
        environment: { secrets: ofEnvironment[0], variables: ofEnvironment[1] },
        repository: { secrets: ofRepository[0], variables: ofRepository[1] },
        organisation: { secrets: ofOrganisation[0], variables: ofOrganisation[1] },
      }
    },
    async protection(environment) {
      const answer = await client.read(environmentRoute, { environment_name: environment })
      if (answer === undefined) return undefined
      const rules = await client.read(`${environmentRoute}/deployment_protection_rules`, {
        environment_name: environment,
      })
      const custom = customRulesPayload.parse(rules?.data ?? {}).custom_deployment_protection_rules
      return {
        ...decodeProtection(answer.data),
        customRules: custom.map(rule => ({
          app: rule.app.slug,
          isOurs: rule.app.slug === app.slug,
          isEnabled: rule.enabled,
        })),
      }
    },
  }
}

function decodeProtection(data: unknown): Omit<EnvironmentProtection, 'customRules'> {
  const { protection_rules, deployment_branch_policy, can_admins_bypass } = protectionPayload.parse(data)
  const required = protection_rules.find(rule => rule.type === 'required_reviewers')
  const reviewers = required?.reviewers ?? []
  return {
    reviewers: required && {
      people: reviewers.flatMap(each => (each.type === 'User' && each.reviewer !== undefined ? [each.reviewer] : [])),
      teams: reviewers.flatMap(each => (each.type === 'Team' ? [each.reviewer.slug] : [])),
      preventSelfReview: required.prevent_self_review === true,
    },
    waitTimer: protection_rules.find(rule => rule.type === 'wait_timer')?.wait_timer ?? 0,
    branches: branchesOf(deployment_branch_policy),
    canAdminsBypass: can_admins_bypass !== false,
  }
}

function branchesOf(policy: { protected_branches: boolean } | null | undefined): EnvironmentProtection['branches'] {
  if (policy === null || policy === undefined) return 'all'
  return policy.protected_branches ? 'protected' : 'custom'
}

async function readNames(client: GithubClient, route: string, parameters: Record<string, unknown>): Promise<Names> {
  const found: string[] = []
  let answer = await readIfShown(client, route, { per_page: 30, ...parameters })
  while (answer !== undefined) {
    const { secrets, variables } = settingsPayload.parse(answer.data)
    found.push(...[...secrets, ...variables].map(({ name }) => name))
    if (answer.next === undefined) return found
    answer = await readIfShown(client, `GET ${answer.next}`, {})
  }
  return 'unknown'
}

/** GitHub hides what we may not see behind 404 or refuses it with 403: neither means that there is none. */
async function readIfShown(
  client: GithubClient,
  route: string,
  parameters: Record<string, unknown>,
): Promise<GithubAnswer | undefined> {
  try {
    return await client.read(route, parameters)
  } catch (error) {
    if (error instanceof RingwayError && error.code === 'github_denied' && error.facts['status'] === 403)
      return undefined
    throw error
  }
}
