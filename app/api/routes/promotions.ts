import * as z from 'zod'
import { RingwayError } from '../../../src/domain/ringway-error.ts'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import { shownRings } from '../../../src/engine/views/shown-rings.ts'
import { viewPromotion } from '../../../src/engine/views/view-promotion.ts'
import { cursorOf, cutPage, nextPath, pageOf, pageQuery } from '../page.ts'
import { deployment, presentDeployment } from '../resources/deployment.ts'
import { instant } from '../resources/instant.ts'
import { person } from '../resources/person.ts'
import {
  exampleRepository,
  ofRepository,
  repositoryKeyOf,
  repositoryPath,
  repositoryPlaces,
} from '../resources/places.ts'
import { presentPromotion, presentVerdict, promotion, verdict } from '../resources/promotion.ts'
import { type ApiRoute, noBody, nothing, repositoryRoute } from '../route.ts'

const whole = promotion.extend({
  verdicts: z.array(verdict).describe('What the gates said last.'),
  answers: z.array(
    z.object({
      person,
      answer: z.enum(['approved', 'rejected']),
      at: instant,
      via: z.enum(['ringway', 'github']),
      baseline: z.string().nullable().describe('What the ring pointed to, by digest, when it was given.'),
    }),
  ),
  changes: z.array(z.string()).describe('How components and configuration differ from what ran before, a line each.'),
  placed: deployment.nullable().describe('Its deployment.'),
})

/** Where a page begins: behind this promotion. */
const cursor = cursorOf(z.object({ before: z.string() }))

const filters = {
  solution: z.string().optional(),
  ring: z.string().optional(),
  open: z.enum(['true', 'false']).default('false').describe('Only those that have not ended.'),
}

/** What was asked to enter which ring, and what became of it. */
export function promotionRoutes(control: ControlPorts): readonly ApiRoute[] {
  return [
    repositoryRoute({
      id: 'listPromotions',
      method: 'GET',
      path: `${ofRepository}/promotions`,
      summary: 'Promotions, the newest first.',
      params: repositoryPlaces,
      query: z.strictObject({ ...pageQuery, ...filters }),
      body: noBody,
      answer: pageOf(promotion),
      example: { params: exampleRepository, query: { open: 'true' }, body: undefined },
      async handle({ who, query: { limit, cursor: from, ...asked } }) {
        const key = repositoryKeyOf(who)
        const { isShown } = await shownRings(control, key, who.person)
        const { solution, ring } = asked
        const query = { repository: key.repository, solution, ring, open: asked.open === 'true' }
        const before = cursor.read(from)?.before
        const found = await control.store.transaction(key, tx =>
          tx.promotions.find({ ...query, before, limit: limit + 1 }),
        )
        const { rows, last } = cutPage(found, limit)
        const path = `${repositoryPath(who.repository)}/promotions`
        return {
          items: rows.filter(row => isShown(row.key)).map(presentPromotion),
          next:
            last === undefined ? null : nextPath(path, { ...asked, cursor: cursor.write({ before: last.id }), limit }),
        }
      },
    }),
    repositoryRoute({
      id: 'readPromotion',
      method: 'GET',
      path: `${ofRepository}/promotions/{id}`,
      summary: 'One promotion: what its gates say, who answered, what it changes.',
      params: repositoryPlaces.extend({ id: z.string() }),
      query: nothing,
      body: noBody,
      answer: whole,
      example: { params: { ...exampleRepository, id: 'p0' }, query: {}, body: undefined },
      async handle({ who, params }) {
        const key = repositoryKeyOf(who)
        const { isShown } = await shownRings(control, key, who.person)
        const stored = await control.store.transaction(key, tx => tx.promotions.read(params.id))
        if (stored?.key.repository !== key.repository || !isShown(stored.key)) throw noPromotion(params.id)
        return presentWhole(await viewPromotion(control, { tenant: key.tenant, promotion: params.id }))
      },
    }),
  ]
}

function presentWhole(view: Awaited<ReturnType<typeof viewPromotion>>): z.output<typeof whole> {
  return {
    ...presentPromotion(view.promotion),
    verdicts: view.promotion.verdicts.map(presentVerdict),
    answers: view.answers.map(({ person: by, answer, at, via, binding }) => ({
      person: by,
      answer,
      at,
      via,
      baseline: binding.baseline ?? null,
    })),
    changes: [...view.changes],
    placed: view.deployment === undefined ? null : presentDeployment(view.deployment),
  }
}

/** The answer for what is not in the repository that was asked about. */
export function noPromotion(id: string): RingwayError {
  return new RingwayError({
    code: 'unknown_promotion',
    message: `The repository has no promotion ${id}.`,
    remedy: 'Look at its list of promotions.',
  })
}
