import type { Environments } from '../../ports/environments.ts'
import type { GithubClient } from './github-client.ts'
import { environmentPayload, protectionRulesPayload } from './github-payloads.ts'
import { oncePerKey } from './once-per-key.ts'

const route = 'GET /repos/{owner}/{repo}/environments/{environment_name}'

/** GitHub Environments, through its REST API. Make one per decision: whether an environment has a rule of ours is asked once. */
export function createGithubEnvironments(client: GithubClient): Environments {
  const readCustomRule = async (environment: string): Promise<boolean> => {
    const rules = await client.read(`${route}/deployment_protection_rules`, { environment_name: environment })
    const customRules = protectionRulesPayload.parse(rules?.data ?? {}).custom_deployment_protection_rules ?? []
    return customRules.some(rule => rule.enabled)
  }
  return {
    hasCustomRule: oncePerKey(readCustomRule),
    async hasRequiredReviewers(environment) {
      const settings = await client.read(route, { environment_name: environment })
      const protectedBy = environmentPayload.parse(settings?.data ?? {}).protection_rules ?? []
      return protectedBy.some(rule => rule.type === 'required_reviewers')
    },
  }
}
