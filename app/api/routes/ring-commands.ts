import * as z from 'zod'
import { readNamedArtifact } from '../../../src/domain/command/named-artifact.ts'
import { decodeParameters, parameterVariable } from '../../../src/domain/promotion-parameters.ts'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import { invalidRequest } from '../invalid-request.ts'
import { carryOut, done, reasonWords } from '../resources/done.ts'
import { artifactFields, expectArtifact } from '../resources/named-artifact.ts'
import { exampleRing, ofRing, ringPlaces } from '../resources/places.ts'
import { type ApiRoute, nothing, ringRoute } from '../route.ts'

const promotionWish = z.strictObject({
  ...artifactFields,
  reason: reasonWords.optional(),
  dry_run: z.boolean().default(false).describe('Only say what its gates would say.'),
  hotfix: z.boolean().default(false).describe('Pass a freeze that excepts hotfixes; needs a reason.'),
  skip_order: z.boolean().default(false).describe('Pass over the rings before; needs a reason.'),
  parameters: z
    .record(z.string(), z.string())
    .refine(fitsParameters, 'Expected at most 20 plain values, each under a name of its own, as after -- in a comment')
    .default({})
    .describe('Free facts that the run is given as data.'),
})

/** The run's commands get them as environment variables, whose names know neither case nor dashes. */
function fitsParameters(given: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(given)
  return decodeParameters(given) !== undefined && new Set(names.map(parameterVariable)).size === names.length
}

const why = z.strictObject({ reason: reasonWords.optional() })

/** What can be done to a ring, and to the promotion that waits for it. */
export function ringCommandRoutes(control: ControlPorts): readonly ApiRoute[] {
  return [
    promoteRoute(control),
    rollbackRoute(control),
    answerRoute(control, 'approve'),
    answerRoute(control, 'reject'),
    lifecycleRoute(control, 'pause'),
    lifecycleRoute(control, 'resume'),
    lifecycleRoute(control, 'undeploy'),
    lifecycleRoute(control, 'archive'),
    unquarantineRoute(control),
  ]
}

function promoteRoute(control: ControlPorts): ApiRoute {
  return ringRoute('promote')({
    id: 'promote',
    method: 'POST',
    path: `${ofRing}/promotions`,
    summary: 'Asks for a version in a ring, or what its gates would say.',
    params: ringPlaces,
    query: nothing,
    body: promotionWish,
    answer: done,
    example: { params: exampleRing, query: {}, body: { version: 'v12', reason: 'refunds work again' } },
    async handle({ params, body, ...call }) {
      if ((body.hotfix || body.skip_order) && body.reason === undefined) {
        throw invalidRequest([{ where: 'body.reason', words: 'Expected words beside hotfix and skip_order' }])
      }
      return await carryOut(control, call, {
        kind: 'promote',
        ring: { solution: params.solution, ring: params.ring },
        artifact: expectArtifact(body),
        reason: body.reason,
        dryRun: body.dry_run,
        hotfix: body.hotfix,
        skipOrder: body.skip_order,
        parameters: body.parameters,
      })
    },
  })
}

function rollbackRoute(control: ControlPorts): ApiRoute {
  return ringRoute('rollback')({
    id: 'rollBack',
    method: 'POST',
    path: `${ofRing}/rollback`,
    summary: 'Brings back what was active and healthy in a ring before.',
    params: ringPlaces,
    query: nothing,
    body: z.strictObject({
      to: z
        .string()
        .regex(/^(?:v[1-9][0-9]{0,8}|sha256:[0-9a-f]{64})$/)
        .optional()
        .describe('The version or digest to bring back; absent: the last that was active and healthy.'),
      reason: reasonWords.optional(),
      quarantine: z.boolean().default(false).describe('Keep the bad version out of this ring and later ones.'),
    }),
    answer: done,
    example: { params: exampleRing, query: {}, body: { reason: 'answers are empty' } },
    handle: async ({ params, body, ...call }) =>
      await carryOut(control, call, {
        kind: 'rollback',
        ring: { solution: params.solution, ring: params.ring },
        to: body.to === undefined ? undefined : readNamedArtifact(body.to),
        reason: body.reason,
        quarantine: body.quarantine,
      }),
  })
}

function answerRoute(control: ControlPorts, kind: 'approve' | 'reject'): ApiRoute {
  return ringRoute('approve')({
    id: kind,
    method: 'POST',
    path: `${ofRing}/${kind}`,
    summary: `${kind === 'approve' ? 'Approves' : 'Rejects'} the promotion that waits; where one is named, that one alone.`,
    params: ringPlaces,
    query: nothing,
    body: why.extend({ promotion: z.string().optional().describe('The id of the promotion that is meant.') }),
    answer: done,
    example: { params: exampleRing, query: {}, body: { promotion: 'p0' } },
    handle: async ({ params, body, ...call }) =>
      await carryOut(control, call, {
        kind,
        ring: { solution: params.solution, ring: params.ring },
        promotion: body.promotion,
        reason: body.reason,
      }),
  })
}

const lifecycles = {
  pause: { action: 'pause', summary: 'Lets nothing new start in a ring.' },
  resume: { action: 'pause', summary: 'Ends a pause.' },
  undeploy: { action: 'undeploy', summary: 'Takes what is active out of a ring; a promotion brings it back.' },
  archive: { action: 'archive', summary: 'Closes a ring for ever.' },
} as const

function lifecycleRoute(control: ControlPorts, kind: keyof typeof lifecycles): ApiRoute {
  const { action, summary } = lifecycles[kind]
  return ringRoute(action)({
    id: `${kind}Ring`,
    method: 'POST',
    path: `${ofRing}/${kind}`,
    summary,
    params: ringPlaces,
    query: nothing,
    body: why,
    answer: done,
    example: { params: exampleRing, query: {}, body: { reason: 'the model answers nonsense' } },
    handle: async ({ params, body, ...call }) =>
      await carryOut(control, call, {
        kind,
        ring: { solution: params.solution, ring: params.ring },
        reason: body.reason,
      }),
  })
}

function unquarantineRoute(control: ControlPorts): ApiRoute {
  return ringRoute('unquarantine')({
    id: 'unquarantine',
    method: 'POST',
    path: `${ofRing}/unquarantine`,
    summary: 'Lets a version into a ring again that was rolled back.',
    params: ringPlaces,
    query: nothing,
    body: why.extend(artifactFields),
    answer: done,
    example: { params: exampleRing, query: {}, body: { version: 'v12', reason: 'the provider was down' } },
    handle: async ({ params, body, ...call }) =>
      await carryOut(control, call, {
        kind: 'unquarantine',
        ring: { solution: params.solution, ring: params.ring },
        artifact: expectArtifact(body),
        reason: body.reason,
      }),
  })
}
