import * as z from 'zod'
import type { RingReference } from '../../../src/domain/command/command.ts'
import { durationPattern, readDuration } from '../../../src/domain/duration-notation.ts'
import type { DurationMs } from '../../../src/domain/units.ts'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import { invalidRequest } from '../invalid-request.ts'
import { carryOut, done, reasonWords } from '../resources/done.ts'
import {
  exampleRepository,
  exampleRing,
  ofRepository,
  ofRing,
  repositoryPlaces,
  ringPlaces,
} from '../resources/places.ts'
import { type ApiRoute, changeRoute, noBody } from '../route.ts'

const lockWish = z.strictObject({
  for: z.string().regex(durationPattern).optional().describe('Such as 2h; absent: until somebody unlocks it.'),
  reason: reasonWords.optional(),
})
const unlockWhy = z.strictObject({ reason: reasonWords.optional() })

/** Locks of a ring and of the whole repository. Who may end which lock depends on whose it is, so the command decides. */
export function lockRoutes(control: ControlPorts): readonly ApiRoute[] {
  return [
    changeRoute({
      id: 'lockRing',
      method: 'PUT',
      path: `${ofRing}/lock`,
      summary: 'Keeps promotions of everybody else out of a ring.',
      params: ringPlaces,
      query: z.strictObject({}),
      body: lockWish,
      answer: done,
      example: { params: exampleRing, query: {}, body: { for: '2h', reason: 'load test' } },
      handle: async ({ params, body, ...call }) =>
        await carryOut(control, call, { kind: 'lock', ring: ringOf(params), ...wishOf(body) }),
    }),
    changeRoute({
      id: 'unlockRing',
      method: 'DELETE',
      path: `${ofRing}/lock`,
      summary: 'Ends the lock of a ring; that of somebody else needs a stronger role.',
      params: ringPlaces,
      query: unlockWhy,
      body: noBody,
      answer: done,
      example: { params: exampleRing, query: {}, body: undefined },
      handle: async ({ params, query, ...call }) =>
        await carryOut(control, call, { kind: 'unlock', ring: ringOf(params), reason: query.reason }),
    }),
    changeRoute({
      id: 'lockRepository',
      method: 'PUT',
      path: `${ofRepository}/lock`,
      summary: 'Keeps promotions of everybody else out of every ring.',
      params: repositoryPlaces,
      query: z.strictObject({}),
      body: lockWish,
      answer: done,
      example: { params: exampleRepository, query: {}, body: { for: '2h', reason: 'load test' } },
      handle: async ({ body, ...call }) => await carryOut(control, call, { kind: 'lock', ...wishOf(body) }),
    }),
    changeRoute({
      id: 'unlockRepository',
      method: 'DELETE',
      path: `${ofRepository}/lock`,
      summary: 'Ends the lock of every ring; that of somebody else needs a stronger role.',
      params: repositoryPlaces,
      query: unlockWhy,
      body: noBody,
      answer: done,
      example: { params: exampleRepository, query: {}, body: undefined },
      handle: async ({ query, ...call }) => await carryOut(control, call, { kind: 'unlock', reason: query.reason }),
    }),
  ]
}

function ringOf({ solution, ring }: { readonly solution: string; readonly ring: string }): RingReference {
  return { solution, ring }
}

function wishOf(body: z.output<typeof lockWish>): { duration: DurationMs | undefined; reason: string | undefined } {
  if (body.for === undefined) return { duration: undefined, reason: body.reason }
  const read = readDuration(body.for)
  if (!read.ok) throw invalidRequest([{ where: 'body.for', words: `A duration ${read.message}` }])
  return { duration: read.value, reason: body.reason }
}
