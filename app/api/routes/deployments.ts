import * as z from 'zod'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import { shownRings } from '../../../src/engine/views/shown-rings.ts'
import {
  type AskedDeployment,
  type DeploymentView,
  noDeployment,
  viewDeployment,
  viewHistory,
} from '../../../src/engine/views/view-deployment.ts'
import { cursorOf, cutPage, nextPath, pageOf, pageQuery } from '../page.ts'
import { deployment, presentDeployment } from '../resources/deployment.ts'
import { event, presentEvent } from '../resources/event.ts'
import { person } from '../resources/person.ts'
import {
  exampleRepository,
  exampleRing,
  ofRepository,
  ofRing,
  repositoryKeyOf,
  repositoryPlaces,
  ringKeyOf,
  ringPath,
  ringPlaces,
} from '../resources/places.ts'
import { type ApiRoute, noBody, nothing, repositoryRoute, ringRoute } from '../route.ts'

const asked = deployment.extend({
  requested_by: person.nullable().describe('Null when its promotion is not known any more.'),
  request_reason: z.string().nullable().describe('The words of whoever asked.'),
})

const whole = asked.extend({
  is_active: z.boolean().describe('Whether its ring points to it.'),
  components: z.array(z.object({ name: z.string(), kind: z.string() })),
  checks: z.array(
    z.object({
      kind: z.enum(['passed', 'failed', 'errored']),
      words: z.string(),
      evidence: z.string(),
      attempts: z.int(),
      took_ms: z.number(),
    }),
  ),
  events: z.array(event).describe('Every state that it met, and what else happened to it, in order.'),
})

/** Where a page begins: before this deployment. */
const cursor = cursorOf(z.object({ before: z.int() }))

/** What was placed where, when and by whom. */
export function deploymentRoutes(control: ControlPorts): readonly ApiRoute[] {
  return [
    ringRoute('view')({
      id: 'listDeployments',
      method: 'GET',
      path: `${ofRing}/deployments`,
      summary: 'What happened in a ring: every deployment, the newest first.',
      params: ringPlaces,
      query: z.strictObject(pageQuery),
      body: noBody,
      answer: pageOf(asked),
      example: { params: exampleRing, query: {}, body: undefined },
      async handle({ who, params, query: { limit, cursor: from } }) {
        const page = { before: cursor.read(from)?.before, limit: limit + 1 }
        const { rows, last } = cutPage(await viewHistory(control, ringKeyOf(who, params), page), limit)
        const path = `${ringPath(who.repository, params)}/deployments`
        const before = last?.deployment.id
        return {
          items: rows.map(presentAsked),
          next: before === undefined ? null : nextPath(path, { cursor: cursor.write({ before }), limit }),
        }
      },
    }),
    repositoryRoute({
      id: 'readDeployment',
      method: 'GET',
      path: `${ofRepository}/deployments/{id}`,
      summary: 'One deployment: its states as they came, its checks and their evidence.',
      params: repositoryPlaces.extend({ id: z.coerce.number().int().positive() }),
      query: nothing,
      body: noBody,
      answer: whole,
      example: { params: { ...exampleRepository, id: 1 }, query: {}, body: undefined },
      async handle({ who, params }) {
        const key = repositoryKeyOf(who)
        const { isShown } = await shownRings(control, key, who.person)
        const view = await viewDeployment(control, key, params.id)
        if (view === undefined || !isShown(view.deployment.key)) throw noDeployment(params.id)
        return presentWhole(view)
      },
    }),
  ]
}

function presentAsked({ deployment: found, promotion }: AskedDeployment): z.output<typeof asked> {
  return {
    ...presentDeployment(found),
    requested_by: promotion?.requestedBy ?? null,
    request_reason: promotion?.reason ?? null,
  }
}

function presentWhole(view: DeploymentView): z.output<typeof whole> {
  const { isActive, artifact, events } = view
  return {
    ...presentAsked(view),
    is_active: isActive,
    components: (artifact?.manifest.components ?? []).map(({ name, kind }) => ({ name, kind })),
    checks: view.deployment.checks.map(check => ({ ...check })),
    events: events.map(presentEvent),
  }
}
