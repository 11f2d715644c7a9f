import * as z from 'zod'
import type { Finding } from '../../../src/domain/finding.ts'
import type { RepositoryKey } from '../../../src/domain/ring-key.ts'
import { type ApiRoute, noBody, nothing, repositoryRoute } from '../route.ts'

const finding = z.object({
  what: z.string().describe('`environment production`, `permission Checks: write`'),
  verdict: z.enum(['ok', 'problem', 'advice', 'unknown']),
  words: z.string(),
  fix: z.string().nullable().describe('What to do about it.'),
})

/** `GET /v1/repos/{owner}/{repo}/doctor`: what the App lacks to serve a repository, each with its fix. */
export function doctorRoute(examine: (key: RepositoryKey) => Promise<readonly Finding[]>): ApiRoute {
  return repositoryRoute({
    id: 'examine',
    method: 'GET',
    path: '/v1/repos/{owner}/{repo}/doctor',
    summary: 'What the App lacks to serve the repository, each with its fix.',
    params: z.object({ owner: z.string(), repo: z.string() }),
    query: nothing,
    body: noBody,
    answer: z.object({ findings: z.array(finding) }),
    example: { params: { owner: 'acme', repo: 'shop' }, query: {}, body: undefined },
    async handle({ who }) {
      const { tenant, repository } = who.repository
      const findings = await examine({ tenant, repository })
      return { findings: findings.map(({ what, verdict, words, fix = null }) => ({ what, verdict, words, fix })) }
    },
  })
}
