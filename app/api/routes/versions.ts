import * as z from 'zod'
import { versionName } from '../../../src/domain/version.ts'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import { shownRings } from '../../../src/engine/views/shown-rings.ts'
import { type VersionStanding, viewVersions } from '../../../src/engine/views/view-versions.ts'
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

const version = z.object({
  version: z.string().describe('Such as v12.'),
  digest: z.string(),
  content: z.string().describe('The digest of its content: the same tree has the same one.'),
  commit: z.string(),
  built_at: instant,
  components: z.array(z.object({ name: z.string(), kind: z.string() })),
  active_in: z.array(z.string()).describe('The rings that point to it; a ring points to one version at most.'),
})

/** Where a page begins: below this version. */
const cursor = cursorOf(z.object({ below: z.int() }))

/** `GET …/solutions/{solution}/versions`: every version that was published, and where it is active. */
export function versionsRoute(control: ControlPorts): ApiRoute {
  return repositoryRoute({
    id: 'listVersions',
    method: 'GET',
    path: `${ofRepository}/solutions/{solution}/versions`,
    summary: 'The versions of a solution, the newest first, and the rings in which each is active.',
    params: repositoryPlaces.extend({ solution: z.string() }),
    query: z.strictObject(pageQuery),
    body: noBody,
    answer: pageOf(version),
    example: { params: { ...exampleRepository, solution: 'support' }, query: {}, body: undefined },
    async handle({ who, params, query: { limit, cursor: from } }) {
      const key = repositoryKeyOf(who)
      const { isShown } = await shownRings(control, key, who.person)
      const { rows, last } = cutPage(
        await viewVersions(
          control,
          { ...key, solution: params.solution },
          { below: cursor.read(from)?.below, limit: limit + 1, isShown },
        ),
        limit,
      )
      const path = `${repositoryPath(who.repository)}/solutions/${encodeURIComponent(params.solution)}/versions`
      const below = last?.artifact.version
      return {
        items: rows.map(present),
        next: below === undefined ? null : nextPath(path, { cursor: cursor.write({ below }), limit }),
      }
    },
  })
}

function present({ artifact, activeIn }: VersionStanding): z.output<typeof version> {
  const { version: number = 0, digest, content, commit, builtAt, manifest } = artifact
  return {
    version: versionName(number),
    digest,
    content,
    commit,
    built_at: builtAt,
    components: manifest.components.map(({ name, kind }) => ({ name, kind })),
    active_in: [...activeIn],
  }
}
