import type { Environments } from '../../ports/environments.ts'
import type { GithubClient } from './github-client.ts'
import { environmentPayload, protectionRulesPayload } from './github-payloads.ts'

/** GitHub Environments, through its REST API. */
export function createGithubEnvironments(client: GithubClient): Environments {
  return {
    async protection(environment) {
      const parameters = { environment_name: environment }
      const [settings, rules] = await Promise.all([
        client.read('GET /repos/{owner}/{repo}/environments/{environment_name}', parameters),
        client.read(
          'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules',
          parameters,
        ),
      ])
      const protectedBy = environmentPayload.parse(settings?.data ?? {}).protection_rules ?? []
      const customRules = protectionRulesPayload.parse(rules?.data ?? {}).custom_deployment_protection_rules ?? []
      return {
        customRule: customRules.some(rule => rule.enabled),
        requiredReviewers: protectedBy.some(rule => rule.type === 'required_reviewers'),
      }
    },
  }
}
