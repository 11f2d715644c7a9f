import type { CallKind } from '../../ports/call-budget.ts'

/** The routes we use of those whose description says that "creating content too quickly" is limited. Source: GitHub's OpenAPI description */
const contentRoutes =
  /^POST \/repos\/\{owner\}\/\{repo\}\/(?:issues|issues\/\{issue_number\}\/comments|pulls|releases)$/

/** What a call costs. */
export function callKind(route: string): CallKind {
  if (route.startsWith('GET ')) return 'read'
  return contentRoutes.test(route) ? 'content' : 'write'
}
