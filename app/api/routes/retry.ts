import * as z from 'zod'
import type { ControlPorts } from '../../../src/engine/control/control-ports.ts'
import { carryOut, done } from '../resources/done.ts'
import { exampleRepository, ofRepository, repositoryKeyOf, repositoryPlaces } from '../resources/places.ts'
import { type ApiRoute, changeRoute, noBody, nothing } from '../route.ts'
import { noPromotion } from './promotions.ts'

/** `POST …/promotions/{id}/retry`: asks again for what did not come to a good end. The promotion names the ring, whose rules then say who may. */
export function retryRoute(control: ControlPorts): ApiRoute {
  return changeRoute({
    id: 'retryPromotion',
    method: 'POST',
    path: `${ofRepository}/promotions/{id}/retry`,
    summary: 'Asks again for a promotion that was refused, expired or did not become active.',
    params: repositoryPlaces.extend({ id: z.string() }),
    query: nothing,
    body: noBody,
    answer: done,
    example: { params: { ...exampleRepository, id: 'p0' }, query: {}, body: undefined },
    async handle({ params, ...call }) {
      const key = repositoryKeyOf(call.who)
      const found = await control.store.transaction(key, tx => tx.promotions.read(params.id))
      if (found?.key.repository !== key.repository) throw noPromotion(params.id)
      const { solution, ring } = found.key
      return await carryOut(control, call, { kind: 'retry', ring: { solution, ring }, promotion: params.id })
    },
  })
}
