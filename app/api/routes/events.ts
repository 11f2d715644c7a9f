import * as z from 'zod'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import { shownRings } from '../../../src/engine/views/shown-rings.ts'
import { cutPage, nextPath, pageOf, pageQuery } from '../page.ts'
import { event, presentEvent } from '../resources/event.ts'
import {
  exampleRepository,
  ofRepository,
  repositoryKeyOf,
  repositoryPath,
  repositoryPlaces,
} from '../resources/places.ts'
import { type ApiRoute, noBody, repositoryRoute } from '../route.ts'

/** `GET …/events`: everything that happened in a repository, in order; whoever follows it asks from the last `seq` on. */
export function eventsRoute(control: ControlPorts): ApiRoute {
  return repositoryRoute({
    id: 'listEvents',
    method: 'GET',
    path: `${ofRepository}/events`,
    summary: 'What happened, the oldest first.',
    params: repositoryPlaces,
    query: z.strictObject({
      limit: pageQuery.limit,
      after: z.coerce.number().int().min(0).default(0).describe('Only those with a higher seq.'),
      type: z.string().optional().describe('Such as deployment.active.'),
    }),
    body: noBody,
    answer: pageOf(event),
    example: { params: exampleRepository, query: { after: 0 }, body: undefined },
    async handle({ who, query: { limit, after, type } }) {
      const key = repositoryKeyOf(who)
      const { isShown } = await shownRings(control, key, who.person)
      const found = await control.store.transaction(key, tx =>
        tx.events.list({ repository: key.repository, type, after, limit: limit + 1 }),
      )
      const { rows, last } = cutPage(found, limit)
      const path = `${repositoryPath(who.repository)}/events`
      return {
        items: rows.filter(row => isShown(row.key)).map(presentEvent),
        next: last === undefined ? null : nextPath(path, { after: last.seq, type, limit }),
      }
    },
  })
}
