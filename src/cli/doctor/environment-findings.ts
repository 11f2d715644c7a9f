import * as z from 'zod'
import type { GithubClient } from '../../adapters/github/github-client.ts'
import type { Finding } from '../../domain/finding.ts'
import type { Ring } from '../../domain/ring.ts'

const settingsPayload = z.object({
  protection_rules: z.array(z.object({ type: z.string(), wait_timer: z.number().optional() })).optional(),
  deployment_branch_policy: z.object({ protected_branches: z.boolean() }).nullish(),
})

const rulesPayload = z.object({
  custom_deployment_protection_rules: z
    .array(z.object({ enabled: z.boolean(), app: z.object({ slug: z.string() }) }))
    .optional(),
})

const route = 'GET /repos/{owner}/{repo}/environments/{environment_name}'

/** What protects a ring on GitHub, and which of the two ways enforces it: a protection rule of an App, or who dispatches. */
export async function environmentFinding(client: GithubClient, ring: Ring): Promise<Finding> {
  const { owner, repo } = client
  const place = { environment_name: ring.environment }
  const what = `environment ${ring.environment}`
  const answer = await client.read(route, place)
  const create = `gh api --method PUT repos/${owner}/${repo}/environments/${encodeURIComponent(ring.environment)}`
  if (answer === undefined) {
    const words = 'does not exist: GitHub would make it at the first deployment, without any protection'
    return needsReviewers(ring)
      ? { what, verdict: 'problem', words: `${words}; ${approvalWords}`, fix: `${create}, then ${reviewersFix}` }
      : { what, verdict: 'advice', words, fix: `${create}, then ${branchesFix}` }
  }
  const settings = settingsPayload.parse(answer.data)
  const customRules = rulesPayload.parse((await client.read(`${route}/deployment_protection_rules`, place))?.data ?? {})
  const apps = (customRules.custom_deployment_protection_rules ?? []).filter(rule => rule.enabled)
  const rules = settings.protection_rules ?? []
  const hasReviewers = rules.some(rule => rule.type === 'required_reviewers')
  const waits = rules.find(rule => rule.type === 'wait_timer')?.wait_timer
  const isOpen = settings.deployment_branch_policy == null
  const words = [
    apps.length === 0 ? 'enforced by dispatch' : `enforced by a rule of ${apps.map(rule => rule.app.slug).join(', ')}`,
    ...(hasReviewers ? ['required reviewers'] : []),
    ...(waits === undefined ? [] : [`waits ${waits} min`]),
    isOpen ? 'any branch may deploy to it' : 'branches restricted',
  ].join(', ')
  if (needsReviewers(ring) && !hasReviewers && apps.length === 0)
    return { what, verdict: 'problem', words: `${words}; ${approvalWords}`, fix: upper(reviewersFix) }
  return isOpen ? { what, verdict: 'advice', words, fix: upper(branchesFix) } : { what, verdict: 'ok', words }
}

const approvalWords = 'the ring asks for approvals, which nobody can give'
const reviewersFix = 'give it required reviewers in the settings of the repository, under Environments.'
const branchesFix = 'allow only the default branch in it, in the settings of the repository, under Environments.'

function needsReviewers(ring: Ring): boolean {
  return ring.gates.approvals !== undefined
}

function upper(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
