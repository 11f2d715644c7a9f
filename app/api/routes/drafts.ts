import * as z from 'zod'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import { shownRings } from '../../../src/engine/views/shown-rings.ts'
import { type DraftStanding, viewDrafts } from '../../../src/engine/views/view-drafts.ts'
import { cursorOf, cutPage, nextPath, pageOf, pageQuery } from '../page.ts'
import { instant } from '../resources/instant.ts'
import {
  exampleRepository,
  ofRepository,
  repositoryKeyOf,
  repositoryPath,
  repositoryPlaces,
} from '../resources/places.ts'
import { type ApiRoute, noBody, repositoryRoute } from '../route.ts'

const draft = z.object({
  digest: z.string(),
  content: z.string().describe('The digest of its content: the same tree has the same one.'),
  commit: z.string().describe('Of its newest build.'),
  pull_request: z.number().nullable(),
  built_at: instant,
  status: z
    .enum(['never_deployed', 'deployed_before', 'active'])
    .describe('Whether a ring points to it, or did, or had it on its way.'),
  active_in: z.array(z.string()).describe('The rings that point to it.'),
  deploy: z
    .array(
      z.object({
        ring: z.string(),
        method: z.literal('POST'),
        path: z.string(),
        body: z.object({ digest: z.string() }),
      }),
    )
    .describe('What to ask for it in the rings that accept drafts; its gates are asked then.'),
})

/** Where a page begins: before this build. */
const cursor = cursorOf(z.object({ before: z.int() }))

/** `GET …/solutions/{solution}/drafts`: what pull requests built, whether it ever was deployed, and how to. */
export function draftsRoute(control: ControlPorts): ApiRoute {
  return repositoryRoute({
    id: 'listDrafts',
    method: 'GET',
    path: `${ofRepository}/solutions/{solution}/drafts`,
    summary:
      'The drafts of a solution, the newest build first, with those that were never deployed and how to deploy each.',
    params: repositoryPlaces.extend({ solution: z.string() }),
    query: z.strictObject(pageQuery),
    body: noBody,
    answer: pageOf(draft),
    example: { params: { ...exampleRepository, solution: 'support' }, query: {}, body: undefined },
    async handle({ who, params: { solution }, query: { limit, cursor: from } }) {
      const key = { ...repositoryKeyOf(who), solution }
      const shown = await shownRings(control, key, who.person)
      const page = { before: cursor.read(from)?.before, limit: limit + 1 }
      const { rows, last } = cutPage(await viewDrafts(control, key, { ...page, ...shown }), limit)
      const path = `${repositoryPath(who.repository)}/solutions/${encodeURIComponent(solution)}`
      return {
        items: rows.map(row => present(row, path)),
        next:
          last === undefined ? null : nextPath(`${path}/drafts`, { cursor: cursor.write({ before: last.seq }), limit }),
      }
    },
  })
}

function present({ artifact, status, activeIn, deployableTo }: DraftStanding, path: string): z.output<typeof draft> {
  const { digest, content, commit, pullRequest, builtAt } = artifact
  return {
    digest,
    content,
    commit,
    pull_request: pullRequest ?? null,
    built_at: builtAt,
    status,
    active_in: [...activeIn],
    deploy: deployableTo.map(ring => ({
      ring,
      method: 'POST',
      path: `${path}/rings/${encodeURIComponent(ring)}/promotions`,
      body: { digest },
    })),
  }
}
