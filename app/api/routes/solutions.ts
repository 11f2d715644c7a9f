import * as z from 'zod'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import { shownRings } from '../../../src/engine/views/shown-rings.ts'
import { viewRing, viewSolutions } from '../../../src/engine/views/view-solutions.ts'
import {
  exampleRepository,
  exampleRing,
  ofRepository,
  ofRing,
  repositoryKeyOf,
  repositoryPlaces,
  ringKeyOf,
  ringPlaces,
} from '../resources/places.ts'
import { presentRing, presentRuledRing, ring, ruledRing } from '../resources/ring.ts'
import { type ApiRoute, noBody, nothing, repositoryRoute, ringRoute } from '../route.ts'

const solution = z.object({ name: z.string(), rings: z.array(ring).describe('Each after the one that it follows.') })

/** How the rings of a repository stand. */
export function solutionRoutes(control: ControlPorts): readonly ApiRoute[] {
  return [
    repositoryRoute({
      id: 'listSolutions',
      method: 'GET',
      path: `${ofRepository}/solutions`,
      summary: 'The solutions of a repository, and how each of their rings stands.',
      params: repositoryPlaces,
      query: nothing,
      body: noBody,
      answer: z.object({ items: z.array(solution) }),
      example: { params: exampleRepository, query: {}, body: undefined },
      async handle({ who }) {
        const key = repositoryKeyOf(who)
        const shown = await shownRings(control, key, who.person)
        const standings = await viewSolutions(control, key, shown)
        const items = new Map<string, z.output<typeof solution>>()
        for (const standing of standings) {
          const { name } = standing.solution
          const rings = items.get(name)?.rings ?? []
          items.set(name, { name, rings: [...rings, presentRing(standing, who.repository)] })
        }
        return { items: [...items.values()] }
      },
    }),
    ringRoute('view')({
      id: 'readRing',
      method: 'GET',
      path: ofRing,
      summary: 'How a ring stands, what it points to, and the rules in force.',
      params: ringPlaces,
      query: nothing,
      body: noBody,
      answer: ruledRing,
      example: { params: exampleRing, query: {}, body: undefined },
      handle: async ({ who, params }) =>
        presentRuledRing(await viewRing(control, ringKeyOf(who, params)), who.repository),
    }),
  ]
}
