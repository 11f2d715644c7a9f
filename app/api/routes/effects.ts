import * as z from 'zod'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import type { FailedEffect } from '../../../src/ports/control-store.ts'
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

const effect = z.object({
  key: z.string().describe('Names it: such as deployment_status 12 active.'),
  kind: z.string(),
  attempts: z.int(),
  wanted_at: instant,
  words: z.string().describe('What GitHub said.'),
})

/** Where a page begins: before this one. */
const cursor = cursorOf(z.object({ before: z.int() }))

/** `GET …/effects?state=failed`: what the App wanted to write on GitHub, and GitHub refused for good. */
export function effectsRoute(control: ControlPorts): ApiRoute {
  return repositoryRoute({
    id: 'listEffects',
    method: 'GET',
    path: `${ofRepository}/effects`,
    summary: 'What GitHub refused for good, the newest first.',
    params: repositoryPlaces,
    query: z.strictObject({ ...pageQuery, state: z.enum(['failed']) }),
    body: noBody,
    answer: pageOf(effect),
    example: { params: exampleRepository, query: { state: 'failed' }, body: undefined },
    async handle({ who, query: { limit, cursor: from, state } }) {
      const key = repositoryKeyOf(who)
      const found = await control.store.transaction(key, tx =>
        tx.effects.failed(key.repository, { before: cursor.read(from)?.before, limit: limit + 1 }),
      )
      const { rows, last } = cutPage(found, limit)
      const path = `${repositoryPath(who.repository)}/effects`
      return {
        items: rows.map(present),
        next: last === undefined ? null : nextPath(path, { state, cursor: cursor.write({ before: last.seq }), limit }),
      }
    },
  })
}

function present({ effect: wanted, attempts, wantedAt, words }: FailedEffect): z.output<typeof effect> {
  const { kind } = wanted.type === 'deed' ? wanted.deed : wanted.display
  return { key: wanted.key, kind, attempts, wanted_at: wantedAt, words }
}
